-- The document KEYS[1]: what was found there. (The scripts answer in one string: a table of replies
-- costs Redis 6.2 more than all the rest.)
local found = redis.pcall('HMGET', KEYS[1], 'version', 'created', 'text')
local version, created, text = found[1], number(found[2]), found[3]

-- The reply that says that something else is here; nil for a document, or nothing at all.
local function corruption()
  if found.err then
    return found
  elseif number(version) and created then
    return nil
  elseif version or text or redis.call('EXISTS', KEYS[1]) == 1 then
    return redis.error_reply('CORRUPT_DOCUMENT the key holds no document')
  end
end

-- Refuses as the master: a replica, which may not know the document as it is, refuses the HDEL,
-- although it changes nothing.
local function refuse(reply)
  redis.call('HDEL', KEYS[1], '')
  return redis.error_reply(reply)
end

-- The time, in milliseconds.
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- A life of so many milliseconds from now, but not past so many after the creation, if not 0.
local function life(ttl, most)
  return most == '0' and tonumber(ttl) or math.min(ttl, created + most - now())
end

