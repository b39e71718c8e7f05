-- The text and version of the document KEYS[1], or nothing. It lives on for ARGV[1] milliseconds
-- where that is not 0, but not past ARGV[2] milliseconds after its creation where that is not 0.
local version, created, text = unpack(redis.call('HMGET', KEYS[1], 'version', 'created', 'text'))
if not text and (version or redis.call('EXISTS', KEYS[1]) == 0) then
  return false
end
created = tonumber(created)
if not (text and created and tonumber(version)) then
  return redis.error_reply('CORRUPT_DOCUMENT the key holds no document')
end
local life, most = tonumber(ARGV[1]), tonumber(ARGV[2])
if life > 0 then
  if most > 0 then
    local time = redis.call('TIME')
    life = math.min(life, created + most - time[1] * 1000 - math.floor(time[2] / 1000))
  end
  redis.call('PEXPIRE', KEYS[1], life)
end
return {text, version}
