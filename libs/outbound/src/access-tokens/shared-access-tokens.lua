-- The access token of a credential, and the process that is requesting it from the provider. It may run in a full
-- Redis: it needs little memory, and a delivery without a token frees none.
--   KEYS 1 the shared token; `<key>:asking` holds the requesting process
--   ARGV 1 act, 2 process, then for
--     find     3 how long the process may request the token (ms), 4 mark of the refused token, or empty
--     renew    3 how much longer it may (ms)
--     share    3 how long the token is usable (ms), 4 its mark, 5 the sealed token
--     release  nothing
-- `find` returns {'use', sealed token, usable for (ms)}, {'wait'} while another process requests, or {'request'}.

local shared, request = KEYS[1], KEYS[1] .. ':asking'
local act, process, ms = ARGV[1], ARGV[2], ARGV[3]
local requesting = redis.call('GET', request)

if act == 'find' then
  local text = redis.call('GET', shared)
  local mark = text and string.sub(text, 1, string.find(text, ' ', 1, true) - 1)
  if mark and mark ~= ARGV[4] then
    return {'use', string.sub(text, #mark + 2), redis.call('PTTL', shared)}
  end
  -- A refused token is of no use to other processes either.
  if mark then redis.call('DEL', shared) end
  if requesting and requesting ~= process then return {'wait'} end
  redis.call('SET', request, process, 'PX', ms)
  return {'request'}
end

local mine = requesting == process
if act == 'renew' then
  if mine then redis.call('PEXPIRE', request, ms) end
  return {}
end
-- A process that was taken for dead may answer late; the result of its successor holds.
if act == 'share' and (mine or not requesting and redis.call('EXISTS', shared) == 0) then
  redis.call('SET', shared, ARGV[4] .. ' ' .. ARGV[5], 'PX', ms)
end
if mine then redis.call('DEL', request) end
return {}
