--[[
  Gives back what `reserve-login.lua` has counted, as a failure or as nothing.

  KEYS[1]  logins of one e-mail address: hash of `failed` and `pending`
  ARGV[1]  1 when the password was wrong, 0 when it was right or could not be checked
  ARGV[2]  length of a window, seconds

  The window may have ended in the meantime: then a failure begins a new one. Returns the failures of the window.
]]
local logins, failed, windowSeconds = KEYS[1], tonumber(ARGV[1]), ARGV[2]

if tonumber(redis.call('HGET', logins, 'pending') or 0) > 0 then
  redis.call('HINCRBY', logins, 'pending', -1)
end
local failures = tonumber(redis.call('HGET', logins, 'failed') or 0)
if failed == 1 then
  failures = redis.call('HINCRBY', logins, 'failed', 1)
  redis.call('EXPIRE', logins, windowSeconds, 'NX')
end
return failures
