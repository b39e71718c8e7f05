-- Gives the lock KEYS[1] to the token ARGV[1] for ARGV[2] milliseconds, unless somebody has it. Its
-- fence is one more than the last one issued, which KEYS[2] remembers for ever.
-- Answers 1, a space and the fence; or 0, a space and for how many milliseconds it is held.
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HDEL', KEYS[1], '') -- no change, which a replica refuses
  return '0 ' .. string.format('%.0f', redis.call('PTTL', KEYS[1]))
end
if not number(redis.call('HGET', KEYS[2], 'issued') or '0') then
  return redis.error_reply('WRONGTYPE the fence of the lock is no number')
end
local fence = redis.call('HINCRBY', KEYS[2], 'issued', 1)
redis.call('HSET', KEYS[1], 'token', ARGV[1], 'fence', fence)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return '1 ' .. string.format('%.0f', fence)
