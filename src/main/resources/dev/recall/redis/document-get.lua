-- The version of the document, a space and its text, or nothing. It lives on for ARGV[1] milliseconds where that
-- is not 0, but not past ARGV[2] milliseconds after its creation where that is not 0.
local corrupt = corruption()
if corrupt or not text then
  return corrupt or false
end
local rest = life(ARGV[1] == '0' and '1' or ARGV[1], ARGV[2])
if rest < 1 then
  return false
end
if ARGV[1] ~= '0' then
  redis.call('PEXPIRE', KEYS[1], rest)
end
return version .. ' ' .. text
