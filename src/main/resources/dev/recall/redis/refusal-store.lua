-- Ends the lease KEYS[1], if it is held with the token ARGV[1], with the tries KEYS[2]; keeps at
-- KEYS[3] for ARGV[3] milliseconds why there is no result, ARGV[2]; where ARGV[4] is 1, an old result
-- at KEYS[4] goes, too.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[1], KEYS[2])
if ARGV[4] == '1' then
  redis.call('DEL', KEYS[4])
end
redis.call('SET', KEYS[3], ARGV[2], 'PX', ARGV[3])
return 1
