-- needs: record
-- Receipts: the provider's id of the first message of an episode, for the messages that join it.

local receipts = {}
do
  -- A week without events, after which an episode ends, and a day for late events; after its recovery, for replays of
  -- that.
  local KEPT_MS = 8 * 24 * 3600 * 1000
  local ENDED_MS = 3600 * 1000

  local function key_of(target, rec) return PREFIX .. keys.receipt .. target .. ':' .. rec[R.key] end

  local function first_of(target, rec)
    local episode, receipt = string.match(redis.call('GET', key_of(target, rec)) or '', '^(%S+) (.*)$')
    return episode == tostring(rec[R.episode]) and receipt or nil
  end

  -- The receipt that a delivery joins; empty where it is the first of its episode, or the first is not known.
  function receipts.of(target, rec)
    if rec[R.severity] > 0 and (rec[R.follows] or '') == '' then return '' end
    return first_of(target, rec) or ''
  end

  -- Stores a receipt, unless the episode has one.
  function receipts.store(target, rec, receipt)
    local first = first_of(target, rec) or receipt
    local ms = rec[R.severity] > 0 and KEPT_MS or ENDED_MS
    redis.call('SET', key_of(target, rec), rec[R.episode] .. ' ' .. first, 'PX', ms)
  end
end
