-- By what a provider knows the first message of an episode, for those that join it.
--   <p>receipt:<target>:<key>  string  <episode> <receipt>

local receipts = {}
do
  -- As long as an episode may be silent, and a day for what comes late; once its recovery is told, for replays of that.
  local KEPT_MS = 8 * 24 * 3600 * 1000
  local ENDED_MS = 3600 * 1000

  local function key_of(target, rec) return PREFIX .. 'receipt:' .. target .. ':' .. rec[KEY] end

  local function first_of(target, rec)
    local episode, receipt = string.match(redis.call('GET', key_of(target, rec)) or '', '^(%S+) (.*)$')
    return episode == tostring(rec[EPISODE]) and receipt or nil
  end

  -- Empty where the message is its episode's first, or the first is not known.
  function receipts.of(target, rec)
    if rec[SEVERITY] > 0 and (rec[FOLLOWS] or '') == '' then return '' end
    return first_of(target, rec) or ''
  end

  function receipts.keep(target, rec, receipt)
    local first = first_of(target, rec) or receipt
    redis.call('SET', key_of(target, rec), rec[EPISODE] .. ' ' .. first, 'PX', rec[SEVERITY] > 0 and KEPT_MS or ENDED_MS)
  end
end
