-- Lets the lock KEYS[1] live ARGV[2] milliseconds from now, if it is held with the token ARGV[1];
-- answers its fence.
local lock = redis.call('HMGET', KEYS[1], 'token', 'fence')
local fence = number(lock[2])
if lock[1] ~= ARGV[1] then
  redis.call('HDEL', KEYS[1], '') -- no change, which a replica refuses
  return redis.error_reply('LOCK_LOST the lock is not held with this token')
elseif not fence then
  return redis.error_reply('WRONGTYPE the fence of the lock is no number')
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return fence
