-- Writes the text ARGV[1] to the document KEYS[1] if that has the version ARGV[2], or, where this is
-- empty, never was there or is gone without a trace. It lives for ARGV[3] milliseconds, but not past
-- ARGV[4] milliseconds after its creation where that is not 0. Where there is a KEYS[2], the fences
-- of a lock, ARGV[5] must be one of those issued and none older than the newest accepted.
-- Answers the new version, and 1 where the document was created, else 0.
if KEYS[2] then
  local issued, accepted = unpack(redis.call('HMGET', KEYS[2], 'issued', 'accepted'))
  local fence = tonumber(ARGV[5])
  if fence < 1 or fence > tonumber(issued or 0) then
    return redis.error_reply('STALE_FENCE nobody has this fence')
  elseif fence < tonumber(accepted or 0) then
    return redis.error_reply('STALE_FENCE a newer holder of the lock has written')
  end
end
local version, created, text = unpack(redis.call('HMGET', KEYS[1], 'version', 'created', 'text'))
created = tonumber(created)
if not (version and created) and redis.call('EXISTS', KEYS[1]) == 1 then
  return redis.error_reply('CORRUPT_DOCUMENT the key holds no document')
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[2] ~= '' then
  if not text or version ~= ARGV[2] then
    local why = text and 'the document has another version' or 'there is no document'
    return redis.error_reply('STALE_VERSION ' .. why)
  end
  version = string.format('%.0f', version + 1)
elseif version then
  local why = text and 'there is a document' or 'the document was deleted and stays so'
  return redis.error_reply('STALE_VERSION ' .. why)
else
  -- The time: higher than any version that a document of this key, long forgotten, has had.
  version = string.format('%.0f', time[1] * 1000000 + time[2])
  created = now
end
local life, most = tonumber(ARGV[3]), tonumber(ARGV[4])
if most > 0 then
  life = math.min(life, created + most - now)
  if life < 1 then
    return redis.error_reply('STALE_VERSION the life of the document is over')
  end
end
redis.call('HSET', KEYS[1], 'version', version, 'created', string.format('%.0f', created), 'text', ARGV[1])
redis.call('PEXPIRE', KEYS[1], life)
if KEYS[2] then
  redis.call('HSET', KEYS[2], 'accepted', ARGV[5])
end
return {version, text and 0 or 1}
