-- needs: round
-- Lists sleeping turns with the settings under which they fell asleep. A turn that moves meanwhile may be listed
-- twice.

-- Targets of one run: one or two milliseconds.
local TARGETS_MAX = 200
local looked, found = 0, {}

local function look_at(member)
  local channel, target = parse_member(member)
  local turn = redis.call('HMGET', mailbox_of(target) .. keys.turn, 'state', 'seen')
  if turn[1] == turnStates.asleep then
    found[#found + 1] = answers.turn { channel = channel, target = target, seen = turn[2] or '' }
  end
end

local next_run = go_round(function(cursor)
  repeat
    if looked >= TARGETS_MAX then return false, cursor end
    local page = redis.call('ZSCAN', TURNS, cursor, 'COUNT', TARGETS_MAX - looked)
    cursor = page[1]
    for i = 1, #page[2], 2 do look_at(page[2][i]) end
    looked = looked + #page[2] / 2
  until cursor == '0'
  return true
end)
return answers.round { found = found, next = next_run }
