--[[
  Moves a guest's lines into the customer's cart; quantities of the same product are added. Both happen or neither, and
  the guest's cart is gone afterwards, so repeating it adds nothing.

  KEYS[1]  guest's cart
  KEYS[2]  customer's cart
  ARGV[1]  version from now on
  ARGV[2]  time to live, seconds
  ARGV[3]  most lines: what the customer had stays, what does not fit is dropped
  ARGV[4]  most of one product

  Returns how many lines the guest had.
]]
local guest, customer = KEYS[1], KEYS[2]
local version, ttl, maxLines, maxQuantity = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

local fields = redis.call('HGETALL', guest)
local lines = 0
for at = 1, #fields, 2 do
  local product, quantity = fields[at], tonumber(fields[at + 1])
  if product ~= 'version' then
    lines = lines + 1
    redis.call('HSET', customer, 'version', version)
    local own = tonumber(redis.call('HGET', customer, product) or 0)
    if own > 0 or redis.call('HLEN', customer) - 1 < maxLines then
      redis.call('HSET', customer, product, math.min(own + quantity, maxQuantity))
    end
  end
end
redis.call('DEL', guest)
-- Also when there was nothing to move: a repetition writes, so that the WAIT behind it waits for the first run, too.
redis.call('EXPIRE', customer, ttl)
return lines
