-- Adds ARGV[1] to the counter KEYS[1] and lets it live ARGV[2] milliseconds from now.
-- A key that is no counter keeps even its TTL, which MULTI INCRBY PEXPIRE would change.
local value = redis.pcall('INCRBY', KEYS[1], ARGV[1])
if type(value) == 'table' then
  return value
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
-- Lua numbers are doubles: past 2^53 only the text is exact.
if value > 9007199254740991 or value < -9007199254740991 then
  return redis.call('GET', KEYS[1])
end
return value
