--[[
  Sets the quantity of one product. A new line goes to the end: a hash this small is a listpack, which keeps its order.
  Repeating it with the same version changes nothing more.

  KEYS[1]  cart: hash of `version` and product id → quantity
  ARGV[1]  version from now on
  ARGV[2]  time to live, seconds
  ARGV[3]  most lines
  ARGV[4]  product id
  ARGV[5]  quantity

  Returns 1, or 0 when the cart is full.
]]
local cart, version, ttl, maxLines, product, quantity = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]

-- The version is a field, too.
if redis.call('HEXISTS', cart, product) == 0 and redis.call('HLEN', cart) - 1 >= maxLines then
  return 0
end
redis.call('HSET', cart, 'version', version, product, quantity)
redis.call('EXPIRE', cart, ttl)
return 1
