--[[
  Changes a cart once for a key, if it still has a version that the caller knows.

  Keys of calls are fields of a hash beside the cart, each with a time to live of its own, so they outlive the cart's
  lines. A record is `<hash of the body> <not added>`, followed by the first answer once it has been kept.

  KEYS[1]  cart: hash of `version` and product id -> quantity
  KEYS[2]  keys of the cart: hash of key -> record
  ARGV[1]  version from now on: new for every run of this script
  ARGV[2]  time to live of the cart, seconds
  ARGV[3]  key of the call
  ARGV[4]  hash of the call's body
  ARGV[5]  time to live of the key, seconds
  ARGV[6]  most keys; 0 for a key that the server made, which lives too short to be counted
  ARGV[7]  versions that the caller accepts, space-separated; empty for any
  ARGV[8]  1: another version is accepted when there is nothing to change
  ARGV[9]  operation: add, set, remove, clear; or nothing, which only looks for the key
  ARGV[10] product id
  ARGV[11] quantity
  ARGV[12] most lines
  ARGV[13] most of one product

  Returns {outcome, not added, first answer, cart as of HGETALL}. The outcome is `done`, `replayed`, or a refusal that
  changed nothing: `reused` (the key belongs to another body), `changed` (another version), `full` (no room for a line),
  `exhausted` (no room for a key), `merged` (the guest has just logged in: see merge.lua), `unknown` (operation `nothing`,
  and the key is new).
]]
local cart, keys = KEYS[1], KEYS[2]
local version, cartTtl, key, bodyHash, keyTtl, maxKeys = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local accepted, acceptsNoChange, operation = ARGV[7], ARGV[8] == '1', ARGV[9]
local product, quantity, maxLines, maxQuantity = ARGV[10], tonumber(ARGV[11]), tonumber(ARGV[12]), tonumber(ARGV[13])
local dayInSeconds = 86400

local function answer(outcome, notAdded, firstAnswer)
  return { outcome, notAdded or 0, firstAnswer or '', redis.call('HGETALL', cart) }
end

-- Renews the expiry of both keys. A replay writes this, too, so that its WAIT also waits for the write of the first
-- run.
local function touch()
  redis.call('EXPIRE', cart, cartTtl)
  redis.call('EXPIRE', keys, dayInSeconds)
end

local kept = redis.call('HGET', keys, key)
if kept then
  local keptHash, notAdded, firstAnswer = string.match(kept, '^(%S+) (%d+) ?(.*)$')
  if keptHash ~= bodyHash then
    return answer('reused')
  end
  touch()
  return answer('replayed', tonumber(notAdded), firstAnswer)
end
if operation == 'nothing' then
  return answer('unknown')
end
if redis.call('HEXISTS', keys, 'merged now') == 1 then
  return answer('merged')
end

local current = redis.call('HGET', cart, 'version') or 'unwritten'
local lines = math.max(redis.call('HLEN', cart) - 1, 0)
local before = tonumber(redis.call('HGET', cart, product) or 0)
local after = 0
if operation == 'add' then
  after = math.max(before, math.min(before + quantity, maxQuantity))
elseif operation == 'set' then
  after = quantity
end
local changes = before ~= after
if operation == 'clear' then
  changes = lines > 0
end

local known = accepted == '' or string.find(' ' .. accepted .. ' ', ' ' .. current .. ' ', 1, true)
if not known and (changes or not acceptsNoChange) then
  return answer('changed')
end
if before == 0 and after > 0 and lines >= maxLines then
  return answer('full')
end
if maxKeys > 0 and redis.call('HLEN', keys) >= maxKeys then
  return answer('exhausted')
end

if operation == 'clear' and changes then
  redis.call('DEL', cart)
elseif after > 0 then
  redis.call('HSET', cart, product, after)
elseif before > 0 then
  redis.call('HDEL', cart, product)
end
if changes then
  redis.call('HSET', cart, 'version', version)
end
local notAdded = 0
if operation == 'add' then
  notAdded = before + quantity - after
end
redis.call('HSETEX', keys, 'EX', keyTtl, 'FIELDS', 1, key, bodyHash .. ' ' .. notAdded)
touch()
return answer('done', notAdded)
