-- Adds ARGV[1] to the counter KEYS[1] and lets it live ARGV[2] milliseconds from now. Where there is
-- a KEYS[2], the answer is kept there for ARGV[3] milliseconds, and given again to the same request,
-- which is ARGV[4].
-- A key that is no counter keeps even its TTL, which MULTI INCRBY PEXPIRE would change.
if KEYS[2] then
  local answered = redis.pcall('HMGET', KEYS[2], 'request', 'answer')
  if answered.err then
    return answered
  end
  if answered[2] then
    if answered[1] ~= ARGV[4] then
      return redis.error_reply('IDEMPOTENCY_KEY_REUSED the idempotency key came with another addition before')
    end
    return answered[2]
  end
end
local value = redis.pcall('INCRBY', KEYS[1], ARGV[1])
if type(value) == 'table' then
  return value
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
-- Lua numbers are doubles: past 2^53 only the text is exact.
if KEYS[2] or value > 9007199254740991 or value < -9007199254740991 then
  value = redis.call('GET', KEYS[1])
end
if KEYS[2] then
  redis.call('HSET', KEYS[2], 'request', ARGV[4], 'answer', value)
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
end
return value
