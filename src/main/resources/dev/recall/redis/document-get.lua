-- The text and version of the document, or nothing. It lives on for ARGV[1] milliseconds where that
-- is not 0, but not past ARGV[2] milliseconds after its creation where that is not 0.
local corrupt = corruption()
if corrupt or not text then
  return corrupt or false
end
if life('1', ARGV[2]) < 1 then
  return false
end
if ARGV[1] ~= '0' then
  redis.call('PEXPIRE', KEYS[1], life(ARGV[1], ARGV[2]))
end
return {text, version}
