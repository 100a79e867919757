-- What `look` answered has been taken in.
--   ARGV 2 'over' or 'silent', 3 the silence; or 2 'due', then id and score of each: one that was kept meanwhile goes on

if ARGV[2] == 'over' then
  if redis.call('HGET', SOURCE, 'over') == ARGV[3] then redis.call('HDEL', SOURCE, 'over') end
elseif ARGV[2] == 'silent' then
  if redis.call('HGET', SOURCE, 'held') == ARGV[3] then redis.call('HSET', SOURCE, 'told', ARGV[3]) end
else
  local gone = {}
  for i = 3, #ARGV, 2 do
    local score = redis.call('ZSCORE', ENDS, ARGV[i]) or redis.call('ZSCORE', AGAIN, ARGV[i])
    if score == ARGV[i + 1] then gone[#gone + 1] = ARGV[i] end
  end
  drop(gone)
end
return 1
