-- Ends the lock KEYS[1], if it is held with the token ARGV[1].
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then
  redis.call('HDEL', KEYS[1], '') -- no change, which a replica refuses
  return redis.error_reply('LOCK_LOST the lock is not held with this token')
end
return redis.call('DEL', KEYS[1])
