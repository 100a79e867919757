-- The access token of a credential, and the process that is requesting it from the provider. It may run in a full
-- Redis: it needs little memory, and a delivery without a token frees none.
-- KEYS 1 is the shared token; `<key>:asking` holds the requesting process. Acts:
--   find     answers the step: use the token, wait while another process requests it, or request it, for at most `ms`;
--            `mark` is that of a refused token, or empty
--   renew    lets the process request the token for `ms` more
--   share    stores the sealed token, usable for `ms`, behind its mark
--   release  ends the request

local shared, request = KEYS[1], KEYS[1] .. ':asking'
local act, process, ms = args.act, args.process, args.ms
local requesting = redis.call('GET', request)

if act == 'find' then
  local text = redis.call('GET', shared)
  local mark = text and string.sub(text, 1, string.find(text, ' ', 1, true) - 1)
  if mark and mark ~= args.mark then
    return answers.step { step = 'use', sealed = string.sub(text, #mark + 2), forMs = redis.call('PTTL', shared) }
  end
  -- A refused token is of no use to other processes either.
  if mark then redis.call('DEL', shared) end
  if requesting and requesting ~= process then return answers.step { step = 'wait', sealed = '', forMs = 0 } end
  redis.call('SET', request, process, 'PX', ms)
  return answers.step { step = 'request', sealed = '', forMs = 0 }
end

local mine = requesting == process
if act == 'renew' then
  if mine then redis.call('PEXPIRE', request, ms) end
  return {}
end
-- A process that was taken for dead may answer late; the result of its successor holds.
if act == 'share' and (mine or not requesting and redis.call('EXISTS', shared) == 0) then
  redis.call('SET', shared, args.mark .. ' ' .. args.sealed, 'PX', ms)
end
if mine then redis.call('DEL', request) end
return {}
