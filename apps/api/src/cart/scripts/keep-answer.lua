--[[
  Keeps the first answer of a call in the record of its key, if the key is still there and has none.

  KEYS[1]  keys of the cart
  ARGV[1]  key of the call
  ARGV[2]  answer

  Returns 1 when it was kept, else 0.
]]
local keys, key, firstAnswer = KEYS[1], ARGV[1], ARGV[2]

local kept = redis.call('HGET', keys, key)
if not kept or not string.match(kept, '^%S+ %d+$') then
  return 0
end
return redis.call('HSETEX', keys, 'FXX', 'KEEPTTL', 'FIELDS', 1, key, kept .. ' ' .. firstAnswer)
