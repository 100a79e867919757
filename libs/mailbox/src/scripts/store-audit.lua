-- Keeps a short text under a name, in a full Redis too.
--   KEYS 1 name; ARGV 1 text

redis.call('SET', KEYS[1], ARGV[1])
return 1
