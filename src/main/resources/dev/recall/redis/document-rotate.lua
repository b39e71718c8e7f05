-- Moves the document to KEYS[2], if it has the version ARGV[1] or this is empty. It lives for
-- ARGV[2] milliseconds, but not past ARGV[3] milliseconds after its creation where that is not 0.
-- Where ARGV[4] is 1, a trace remains so that the old key cannot be created again.
-- Answers the new version.
local corrupt = corruption()
if corrupt then
  return corrupt
end
if not text then
  return refuse('NO_SUCH_DOCUMENT there is no document')
elseif ARGV[1] ~= '' and version ~= ARGV[1] then
  return refuse('STALE_VERSION the document has another version')
end
local rest = life(ARGV[2], ARGV[3])
if rest < 1 then
  return refuse('NO_SUCH_DOCUMENT the life of the document is over')
end
redis.call('RENAME', KEYS[1], KEYS[2])
if ARGV[4] == '1' then
  redis.call('HSET', KEYS[1], 'version', version, 'created', string.format('%.0f', created))
  redis.call('PEXPIRE', KEYS[1], life(ARGV[3], ARGV[3]))
end
version = string.format('%.0f', version + 1)
redis.call('HSET', KEYS[2], 'version', version)
redis.call('PEXPIRE', KEYS[2], rest)
return version
