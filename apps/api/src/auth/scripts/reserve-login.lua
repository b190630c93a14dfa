--[[
  Counts a login before its password is checked, as one that may fail. Logins that are being checked count like failures,
  so a hundred at once are no more guesses than a hundred one after the other.

  KEYS[1]  logins of one e-mail address: hash of `failed` and `pending`
  ARGV[1]  most failures in a window
  ARGV[2]  length of a window, seconds; it begins with its first login

  Returns 0 when the login may be checked, else the seconds after which to try again: 1 while logins that are being
  checked may still succeed, the rest of the window when none can.
]]
local logins, most, windowSeconds = KEYS[1], tonumber(ARGV[1]), ARGV[2]

local failed = tonumber(redis.call('HGET', logins, 'failed') or 0)
local pending = tonumber(redis.call('HGET', logins, 'pending') or 0)
if failed >= most then
  return math.max(1, redis.call('TTL', logins))
end
if failed + pending >= most then
  return 1
end
redis.call('HINCRBY', logins, 'pending', 1)
redis.call('EXPIRE', logins, windowSeconds, 'NX')
return 0
