--[[
  Moves a guest's lines into the customer's cart; quantities of the same product are added. The keys of the guest's calls
  are copied: a call that is repeated after the login is still the same call, whichever session it comes from. A mark
  beside the guest's keys refuses changes of the guest that are still on their way: no cart would show them.

  KEYS[1]  guest's cart
  KEYS[2]  customer's cart
  KEYS[3]  keys of the guest's cart
  KEYS[4]  keys of the customer's cart
  ARGV[1]  version from now on: new for every run of this script
  ARGV[2]  time to live of the customer's cart, seconds
  ARGV[3]  most lines: what the customer had stays, what does not fit is left out
  ARGV[4]  most of one product
  ARGV[5]  most keys that may be copied
  ARGV[6]  whose cart it becomes, under which the guest's keys remember what was left out
  ARGV[7]  time to live of the mark, seconds: longer than a request lives

  Returns what was left out, as `<product> <quantity> <product> <quantity> ...`; a repetition returns what the first run
  left out.
]]
local guest, customer, guestKeys, customerKeys = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local version, ttl, maxLines, maxQuantity = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local maxKeys, mergedInto, markTtl = tonumber(ARGV[5]), 'merged into ' .. ARGV[6], ARGV[7]
local dayInSeconds = 86400

local fields = redis.call('HGETALL', guest)
local leftOut = {}
local moved = false
for at = 1, #fields, 2 do
  local product, quantity = fields[at], tonumber(fields[at + 1])
  if product ~= 'version' then
    if not moved then
      redis.call('HSET', customer, 'version', version)
      moved = true
    end
    local own = tonumber(redis.call('HGET', customer, product) or 0)
    local together = own
    if own > 0 or redis.call('HLEN', customer) - 1 < maxLines then
      together = math.max(own, math.min(own + quantity, maxQuantity))
      redis.call('HSET', customer, product, together)
    end
    local rest = own + quantity - together
    if rest > 0 then
      table.insert(leftOut, product .. ' ' .. rest)
    end
  end
end

local records = redis.call('HGETALL', guestKeys)
for at = 1, #records, 2 do
  local key, record = records[at], records[at + 1]
  local leftMs = redis.call('HPTTL', guestKeys, 'FIELDS', 1, key)[1]
  if leftMs > 0 and not string.find(key, ' ', 1, true) and redis.call('HLEN', customerKeys) < maxKeys then
    redis.call('HSETEX', customerKeys, 'FNX', 'PX', leftMs, 'FIELDS', 1, key, record)
  end
end

local result = table.concat(leftOut, ' ')
if moved then
  redis.call('HSETEX', guestKeys, 'EX', dayInSeconds, 'FIELDS', 1, mergedInto, result)
else
  result = redis.call('HGET', guestKeys, mergedInto) or ''
end
redis.call('DEL', guest)
redis.call('HSETEX', guestKeys, 'EX', markTtl, 'FIELDS', 1, 'merged now', '')
-- Written also when there was nothing to move: the WAIT of a repetition then also waits for the write of the first run.
redis.call('EXPIRE', customer, ttl)
redis.call('EXPIRE', customerKeys, dayInSeconds)
return result
