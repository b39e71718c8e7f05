-- Lets the lease KEYS[1] live ARGV[2] milliseconds from now, if it is held with the token ARGV[1].
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
