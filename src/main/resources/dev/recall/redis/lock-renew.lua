-- Lets the lock KEYS[1] live ARGV[2] milliseconds from now, if it is held with the token ARGV[1];
-- answers its fence.
local token, fence = unpack(redis.call('HMGET', KEYS[1], 'token', 'fence'))
if token ~= ARGV[1] then
  return redis.error_reply('LOCK_LOST the lock is not held with this token')
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return fence
