-- Takes ARGV[2] of what a rate limit allows, if that is not too much: the generic cell rate algorithm
-- (ITU-T I.371). KEYS[1] holds the time, in microseconds, at which all that was taken will have come
-- back, one each ARGV[1] microseconds; it may never be more than ARGV[3] of them ahead.
-- Answers 1 or 0, whether they were taken, a space, and how many microseconds it is ahead now.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval = tonumber(ARGV[1])
local most = ARGV[3] * interval
local back = redis.pcall('GET', KEYS[1])
back = type(back) == 'string' and string.match(back, '^%d+$') and tonumber(back) or now
local ahead = math.max(0, back - now)
local after = ahead + ARGV[2] * interval
local taken = after <= most
if not taken then
  -- Further ahead than what can have been taken: the clock was set back.
  after = math.min(ahead, most)
end
if taken or ahead > most then
  redis.call('SET', KEYS[1], string.format('%.0f', now + after), 'PX', math.ceil(after / 1000))
end
return (taken and '1 ' or '0 ') .. string.format('%.0f', after)
