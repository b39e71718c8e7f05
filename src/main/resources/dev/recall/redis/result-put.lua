-- Stores the result ARGV[2] at KEYS[1] for ARGV[3] milliseconds and ends the lease KEYS[2], if that
-- is still held with the token ARGV[1], with the tries KEYS[3] and the refusal KEYS[4]. Where the key
-- holds something whose SHA-1 does not begin with ARGV[4], somebody else has written since, and that
-- stands.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
local now = redis.pcall('GET', KEYS[1])
if type(now) == 'string' and string.sub(redis.sha1hex(now), 1, 16) ~= ARGV[4] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
