--[[
  Empties a cart: always, or only in the version that was read (compare-and-delete).

  KEYS[1]  cart
  ARGV[1]  version from now on
  ARGV[2]  time to live, seconds
  ARGV[3]  version that may be cleared, or an empty string for any

  Returns 1 when it was cleared, 0 when the cart has another version: then somebody has changed it since.
]]
local cart, version, ttl, expected = KEYS[1], ARGV[1], ARGV[2], ARGV[3]

if expected ~= '' and redis.call('HGET', cart, 'version') ~= expected then
  return 0
end
redis.call('DEL', cart)
redis.call('HSET', cart, 'version', version)
redis.call('EXPIRE', cart, ttl)
return 1
