-- Ends the lease KEYS[1], if it is held with the token ARGV[1]; with it go the tries KEYS[2], where
-- ARGV[2] is 1, or one of them, where it is -.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
if ARGV[2] == '-' then
  local left = redis.pcall('DECR', KEYS[2])
  if type(left) ~= 'number' or left <= 0 then
    redis.call('DEL', KEYS[2])
  end
elseif ARGV[2] == '1' then
  redis.call('DEL', KEYS[2])
end
return redis.call('DEL', KEYS[1])
