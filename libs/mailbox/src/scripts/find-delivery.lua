-- Finds a delivery in the mailboxes of its shard. Reads only.
--   ARGV 1 prefix, 2 time, 3 delivery id
-- Answers { channel, target, about, event, created, attempts, when its next try is or 0, whether it is being
-- sent (1) }, or nothing.

local id = ARGV[3]
for _, member in ipairs(redis.call('ZRANGE', TURNS, 0, -1)) do
  local channel, target = string.match(member, '^([^/]*)/(.*)$')
  local rec = load_record(target, id)
  if rec then
    local b = box(target)
    local at = redis.call('ZSCORE', b .. ':due', id) or redis.call('ZSCORE', b .. ':later', id)
    return {
      channel, target, redis.call('HGET', b .. ':turn', 'about') or '', rec[EVENT], rec[CREATED], rec[ATTEMPTS],
      math.floor(tonumber(at) or 0), redis.call('ZSCORE', b .. ':fly', id) and 1 or 0,
    }
  end
end
return {}
