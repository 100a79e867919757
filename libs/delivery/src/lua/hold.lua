-- Takes or keeps a duty. It needs a little memory, and a full Redis must not be without whoever empties it.
--   KEYS 1 where its holder stands; ARGV 1 holder, 2 for how long (ms)
-- Answers 1, or 0 while another has it.

local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
