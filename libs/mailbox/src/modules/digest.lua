-- needs: record
-- Digests: when more deliveries are ready than the rate carries in the configured time, one message stands for them.

local digest = { on = false, bytes = 0 }
do
  -- Deliveries of one digest: nobody reads more lines, and a script looks at them in some milliseconds.
  local DIGEST_MAX = 500
  -- The events of a digest are in memory at once.
  local BYTES_MAX = 4 * 1024 * 1024
  local chained, earlier, most = 0, nil, 0

  -- Starts a digest where more than `over` deliveries (0: never) are ready or in chains. Answers how many to take.
  function digest.start(mailbox, over, room)
    if over > 0 and room > 0 then
      chained = tonumber(redis.call('HGET', mailbox .. keys.turn, 'chained') or 0)
      digest.on = redis.call('LLEN', mailbox .. keys.ready) + chained > over
    end
    most = digest.on and DIGEST_MAX or room
    return most
  end

  -- Whether a delivery joins those that are taken already. One message goes to one list of recipients, so deliveries
  -- that some recipients took join only those that the same ones took. After a refused digest the next one is
  -- smaller.
  function digest.joins(rec, taken)
    earlier = earlier or rec[R.earlier] or ''
    if not digest.on then return true end
    local fewer = math.min(most, rec[R.together] or most)
    if earlier ~= (rec[R.earlier] or '') or digest.bytes >= BYTES_MAX or taken >= fewer then return false end
    most = fewer
    return true
  end

  -- Adds the chains behind deliveries of the digest, which are about the same objects. A recovery whose firings all
  -- died is left out; it is cancelled when it gets to the head of its key.
  function digest.take_chains(target, taken_keys, take)
    if not digest.on or chained == 0 or earlier ~= '' then return end
    local left = most - #taken_keys
    for _, key in ipairs(taken_keys) do
      if left <= 0 then return end
      for _, id in ipairs(redis.call('LRANGE', mailbox_of(target) .. keys.chain .. key, 0, left - 1)) do
        local rec = load_record(target, id)
        if digest.bytes >= BYTES_MAX or rec[R.earlier] then break end
        if rec[R.severity] > 0 or rec[R.live] > 0 then
          take(id, rec)
          left = left - 1
        end
      end
    end
  end
end
