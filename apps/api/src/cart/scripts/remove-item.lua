--[[
  Removes one line, if it is there.

  KEYS[1]  cart
  ARGV[1]  version from now on
  ARGV[2]  time to live, seconds
  ARGV[3]  product id

  Always writes, so that the WAIT behind it has something to wait for. Returns how many lines it removed.
]]
local cart, version, ttl, product = KEYS[1], ARGV[1], ARGV[2], ARGV[3]

local removed = redis.call('HDEL', cart, product)
redis.call('HSET', cart, 'version', version)
redis.call('EXPIRE', cart, ttl)
return removed
