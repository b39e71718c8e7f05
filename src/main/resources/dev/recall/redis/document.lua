-- The document KEYS[1]: what was found there, and the time, in milliseconds.
local found = redis.pcall('HMGET', KEYS[1], 'version', 'created', 'text')
local version, created, text = found[1], number(found[2]), found[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- The reply that says why there is no document here and never was one; nil where all is well.
local function corruption()
  if found.err then
    return found
  elseif number(version) and created then
    return nil
  elseif version or text or redis.call('EXISTS', KEYS[1]) == 1 then
    return redis.error_reply('CORRUPT_DOCUMENT the key holds no document')
  end
end

-- A life of so many milliseconds from now, but not past so many after the creation, if not 0.
local function life(ttl, most)
  return most == '0' and tonumber(ttl) or math.min(ttl, created + most - now)
end

-- Asks for no change, which a replica refuses: it may not know the document as it is.
local function require_master()
  redis.call('HDEL', KEYS[1], '')
end

