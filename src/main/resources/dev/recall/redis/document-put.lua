-- Writes the text ARGV[1] to the document if that has the version ARGV[2], or, where this is empty,
-- never was there or is gone without a trace. It lives for ARGV[3] milliseconds, but not past ARGV[4]
-- milliseconds after its creation where that is not 0. Where there is a KEYS[2], the fences of a
-- lock, ARGV[5] must be one of those issued and not older than the newest accepted.
-- Answers the new version, a space, and 1 where the document was created, else 0.
local corrupt = corruption()
if corrupt then
  return corrupt
end
if KEYS[2] then
  local fences = redis.call('HMGET', KEYS[2], 'issued', 'accepted')
  local issued, accepted = number(fences[1] or '0'), number(fences[2] or '0')
  local fence = tonumber(ARGV[5])
  if not issued or not accepted then
    return redis.error_reply('WRONGTYPE the fences of the lock are no numbers')
  elseif fence < 1 or fence > issued then
    return refuse('STALE_FENCE nobody has this fence')
  elseif fence < accepted then
    return refuse('STALE_FENCE a newer holder of the lock has written')
  end
end
if ARGV[2] ~= '' then
  if not text or version ~= ARGV[2] then
    local why = text and 'the document has another version' or 'there is no document'
    return refuse('STALE_VERSION ' .. why)
  end
  version = string.format('%.0f', version + 1)
elseif version then
  local why = text and 'there is a document' or 'the document was deleted and stays so'
  return refuse('STALE_VERSION ' .. why)
else
  -- The time: higher than any version that a document of this key, long forgotten, has had.
  local time = redis.call('TIME')
  version = string.format('%.0f', time[1] * 1000000 + time[2])
  created = math.floor(version / 1000)
end
local rest = life(ARGV[3], ARGV[4])
if rest < 1 then
  return refuse('STALE_VERSION the life of the document is over')
end
redis.call('HSET', KEYS[1], 'version', version, 'text', ARGV[1])
if not text then
  redis.call('HSET', KEYS[1], 'created', string.format('%.0f', created))
end
redis.call('PEXPIRE', KEYS[1], rest)
if KEYS[2] then
  redis.call('HSET', KEYS[2], 'accepted', ARGV[5])
end
return version .. (text and ' 0' or ' 1')
