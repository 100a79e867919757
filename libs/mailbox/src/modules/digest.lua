-- More can go than the rate carries in the time that people are willing to wait: it is told together, in one message.

local digest = { on = false, bytes = 0 }
do
  -- Events of a digest are held in memory together.
  local BYTES_MAX = 4 * 1024 * 1024
  local chained, earlier, most = 0, nil, 0

  -- Where more than `over` (0: never) can go, `all` of it is told together.
  function digest.start(b, over, all, room)
    if over > 0 and room > 0 then
      chained = tonumber(redis.call('HGET', b .. ':turn', 'chained') or 0)
      digest.on = redis.call('LLEN', b .. ':ready') + chained > over
    end
    most = digest.on and all or room
    return most
  end

  -- Whether it joins those that are taken already. One message goes to one list of recipients: with what some have taken,
  -- only what the same ones have taken. What was refused together is told with fewer.
  function digest.joins(rec, taken)
    earlier = earlier or rec[EARLIER] or ''
    if not digest.on then return true end
    local fewer = math.min(most, rec[TOGETHER] or most)
    if earlier ~= (rec[EARLIER] or '') or digest.bytes >= BYTES_MAX or taken >= fewer then return false end
    most = fewer
    return true
  end

  -- What stands behind those of the keys tells of the same objects, and is told with them. A recovery whose firings are
  -- all gone has nothing to tell, and is cancelled when it comes to the head of its key.
  function digest.take_chains(target, keys, take)
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
