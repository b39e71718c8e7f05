-- Takes ARGV[2] of what a rate limit allows, if that is not too much: the generic cell rate algorithm
-- (ITU-T I.371). KEYS[1] holds the time, in microseconds, at which all that was taken will have come
-- back, one each ARGV[1] microseconds; it may never be more than ARGV[3] of them ahead.
-- Answers 1 or 0, whether they were taken, and how many microseconds it is ahead now.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local back = redis.pcall('GET', KEYS[1])
back = type(back) == 'string' and tonumber(back) or now
local interval = tonumber(ARGV[1])
local most = ARGV[3] * interval
-- Never further ahead than what can have been taken, should the clock have been set back.
local ahead = math.min(math.max(back - now, 0), most)
local after = ahead + ARGV[2] * interval
if after > most then
  return {0, ahead}
end
redis.call('SET', KEYS[1], string.format('%.0f', now + after), 'PX', math.ceil(after / 1000))
return {1, after}
