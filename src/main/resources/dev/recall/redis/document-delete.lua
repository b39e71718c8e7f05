-- Deletes the document if it has the version ARGV[1], or whatever is there where this is empty.
-- Where ARGV[2] is not 0, a trace without a text remains for the rest of so many milliseconds after
-- its creation, so that it cannot be created again. Answers how many there were.
local corrupt = corruption()
if ARGV[1] ~= '' then
  if corrupt then
    return corrupt
  end
  if not text or version ~= ARGV[1] then
    local why = text and 'the document has another version' or 'there is no document'
    return refuse('STALE_VERSION ' .. why)
  end
end
if corrupt or not version or ARGV[2] == '0' then
  return redis.call('UNLINK', KEYS[1])
end
local trace = life(ARGV[2], ARGV[2])
if trace < 1 then
  return redis.call('UNLINK', KEYS[1])
end
redis.call('PEXPIRE', KEYS[1], trace)
return redis.call('HDEL', KEYS[1], 'text')
