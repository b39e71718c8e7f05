-- Deletes the document KEYS[1] if it has the version ARGV[1], or whatever is there where this is
-- empty. Where ARGV[2] is not 0, a trace without a text remains for the rest of so many milliseconds
-- after its creation, so that it cannot be created again. Answers how many there were.
local found = redis.pcall('HMGET', KEYS[1], 'version', 'created', 'text')
local version, created, text = found[1], tonumber(found[2] or ''), found[3]
if ARGV[1] ~= '' then
  if found.err then
    return found
  elseif not text or version ~= ARGV[1] then
    local why = text and 'the document has another version' or 'there is no document'
    return redis.error_reply('STALE_VERSION ' .. why)
  end
elseif version and not text then
  return 0
end
if version and created and ARGV[2] ~= '0' then
  local time = redis.call('TIME')
  local life = created + ARGV[2] - time[1] * 1000 - math.floor(time[2] / 1000)
  if life > 0 then
    redis.call('HDEL', KEYS[1], 'text')
    redis.call('PEXPIRE', KEYS[1], life)
    return 1
  end
end
return redis.call('UNLINK', KEYS[1])
