-- More can go than the rate carries in the time that people are willing to wait: it is told together, in one message.

local digest = { on = false, bytes = 0 }
do
  -- Events of a digest are held in memory together.
  local BYTES_MAX = 4 * 1024 * 1024
  local chained, earlier = 0, nil

  -- Where more than `over` (0: never) can go, `most` of it is told together.
  function digest.start(b, over, most, room)
    chained = tonumber(redis.call('HGET', b .. ':turn', 'chained') or 0)
    digest.on = over > 0 and room > 0 and redis.call('LLEN', b .. ':ready') + chained > over
    return digest.on and most or room
  end

  -- One message goes to one list of recipients: with what some have taken, only what the same ones have taken.
  function digest.joins(rec)
    earlier = earlier or rec[EARLIER] or ''
    return not digest.on or (earlier == (rec[EARLIER] or '') and digest.bytes < BYTES_MAX)
  end

  -- What stands behind those of the keys tells of the same objects, and is told with them. A recovery whose firings are
  -- all gone has nothing to tell, and is cancelled when it comes to the head of its key.
  function digest.take_chains(target, keys, most, take)
    if not digest.on or chained == 0 or earlier ~= '' then return end
    local left = most - #keys
    for _, key in ipairs(keys) do
      if left <= 0 then return end
      for _, id in ipairs(redis.call('LRANGE', box(target) .. ':chain:' .. key, 0, left - 1)) do
        local rec = load_record(target, id)
        if digest.bytes >= BYTES_MAX or rec[EARLIER] then break end
        if rec[SEVERITY] > 0 or rec[LIVE] > 0 then
          take(id, rec)
          left = left - 1
        end
      end
    end
  end
end
