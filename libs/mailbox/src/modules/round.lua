-- Goes round shards in one call, in runs short enough that others have their turn at Redis between them.
--   ARGV 1 prefixes of the shards, between spaces, 2 and 3 where to begin: the how many-th of them, and a cursor inside it
-- Such a script answers { what it found, where the next run has to begin }; the latter is empty at the end of the round.

-- Acts in one shard after the other for as long as `act` says that it is through with the shard.
local function go_round(act)
  local nth = 0
  for prefix in string.gmatch(ARGV[1], '%S+') do
    nth = nth + 1
    if nth >= tonumber(ARGV[2]) then
      enter(prefix)
      local through, cursor = act(nth == tonumber(ARGV[2]) and ARGV[3] or '0')
      write_ledger()
      if not through then return { nth, cursor or '0' } end
    end
  end
  return {}
end
