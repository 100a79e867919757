-- needs: shard
-- Rounds: scripts that visit all shards in runs, short enough that other commands run between them.

-- Acts in one shard after the other while `act` answers that it has finished the shard. Answers where the next run
-- begins, false at the end of the round.
local function go_round(act)
  local nth = 0
  for prefix in string.gmatch(args.prefixes, '%S+') do
    nth = nth + 1
    if nth >= args.nth then
      enter(prefix)
      local finished, cursor = act(nth == args.nth and args.cursor or '0')
      write_ledger()
      if not finished then return answers.roundPosition { nth = nth, cursor = cursor or '0' } end
    end
  end
  return false
end
