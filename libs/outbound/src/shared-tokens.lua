-- What all processes know of a credential, and which of them asks its provider. It needs a little memory, and in a full
-- Redis too: what cannot be sent without a token frees none.
--   KEYS 1 where it stands; who asks stands beside it
--   ARGV 1 what to do, 2 the process, then for
--     ask    3 for how long (ms) it may ask the provider, 4 the mark of the token that was refused, or nothing
--     renew  3 for how long (ms) it may go on asking
--     keep   3 how long (ms) it is known, 4 its mark, 5 what is known
--     give   nothing
-- `ask` answers {'known', text, for how long (ms)}, {'wait'} while another process asks, or {'yours'}.

local known, asking = KEYS[1], KEYS[1] .. ':asking'
local act, process, ms = ARGV[1], ARGV[2], ARGV[3]
local asks = redis.call('GET', asking)

if act == 'ask' then
  local text = redis.call('GET', known)
  local mark = text and string.sub(text, 1, string.find(text, ' ', 1, true) - 1)
  if mark and mark ~= ARGV[4] then
    return {'known', string.sub(text, #mark + 2), redis.call('PTTL', known)}
  end
  -- Of a refused token nobody is to hear any more, whoever replaces it.
  if mark then redis.call('DEL', known) end
  if asks and asks ~= process then return {'wait'} end
  redis.call('SET', asking, process, 'PX', ms)
  return {'yours'}
end

local mine = asks == process
if act == 'renew' then
  if mine then redis.call('PEXPIRE', asking, ms) end
  return {}
end
-- Who was thought dead and asked all the same: what came of the next one holds.
if act == 'keep' and (mine or not asks and redis.call('EXISTS', known) == 0) then
  redis.call('SET', known, ARGV[4] .. ' ' .. ARGV[5], 'PX', ms)
end
if mine then redis.call('DEL', asking) end
return {}
