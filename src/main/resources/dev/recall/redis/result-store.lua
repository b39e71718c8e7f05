-- Stores the result ARGV[2] at KEYS[1] for ARGV[3] milliseconds and ends the lease KEYS[2], if that
-- is still held with the token ARGV[1]. Where the key no longer holds ARGV[4], which the holder saw,
-- somebody else has written since, and that stands; unless it is gone and ARGV[5] is 1: expired.
-- With it go the tries KEYS[3] and the refusal KEYS[4].
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[2])
local now = redis.pcall('GET', KEYS[1])
if type(now) ~= 'string' then
  now = ''
end
if now ~= ARGV[4] and not (now == '' and ARGV[5] == '1') then
  return 0
end
redis.call('DEL', KEYS[3], KEYS[4])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
