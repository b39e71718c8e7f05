-- Moves the document KEYS[1] to KEYS[2], if it has the version ARGV[1] or this is empty. It lives
-- for ARGV[2] milliseconds, but not past ARGV[3] milliseconds after its creation where that is not
-- 0. Where ARGV[4] is 1, a trace remains so that the old key cannot be created again.
-- Answers the new version.
local version, created, text = unpack(redis.call('HMGET', KEYS[1], 'version', 'created', 'text'))
created = tonumber(created)
if not text and (version or redis.call('EXISTS', KEYS[1]) == 0) then
  return redis.error_reply('NO_SUCH_DOCUMENT there is no document')
elseif not (text and created and tonumber(version)) then
  return redis.error_reply('CORRUPT_DOCUMENT the key holds no document')
elseif ARGV[1] ~= '' and version ~= ARGV[1] then
  return redis.error_reply('STALE_VERSION the document has another version')
end
local time = redis.call('TIME')
local life, most = tonumber(ARGV[2]), tonumber(ARGV[3])
local rest = created + most - time[1] * 1000 - math.floor(time[2] / 1000)
if most > 0 then
  life = math.min(life, rest)
  if life < 1 then
    return redis.error_reply('NO_SUCH_DOCUMENT the life of the document is over')
  end
end
redis.call('RENAME', KEYS[1], KEYS[2])
if ARGV[4] == '1' then
  redis.call('HSET', KEYS[1], 'version', version, 'created', string.format('%.0f', created))
  redis.call('PEXPIRE', KEYS[1], rest)
end
version = string.format('%.0f', version + 1)
redis.call('HSET', KEYS[2], 'version', version)
redis.call('PEXPIRE', KEYS[2], life)
return version
