-- The sleeping turns, with the settings under which they fell asleep.
--   ARGV 1 to 3 as in round.lua, 4 how many to look at in one run
-- Found are { channel, target, settings seen }; one that moves meanwhile may be found twice.

local most, looked, found = tonumber(ARGV[4]), 0, {}

local function look_at(member)
  local channel, target = string.match(member, '^([^/]*)/(.*)$')
  local turn = redis.call('HMGET', box(target) .. ':turn', 'state', 'seen')
  if turn[1] == 'asleep' then found[#found + 1] = { channel, target, turn[2] or '' } end
end

local next_ = go_round(function(cursor)
  repeat
    if looked >= most then return false, cursor end
    local page = redis.call('ZSCAN', TURNS, cursor, 'COUNT', most - looked)
    cursor = page[1]
    for i = 1, #page[2], 2 do look_at(page[2][i]) end
    looked = looked + #page[2] / 2
  until cursor == '0'
  return true
end)
return { found, next_ }
