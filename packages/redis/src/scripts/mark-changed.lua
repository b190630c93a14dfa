--[[
  Marks things as changed and drops what the cache holds of them.

  KEYS[1..n]      their markers
  KEYS[n+1..]     their entries
  ARGV[1]  n
  ARGV[2]  position in the write-ahead log from which the change can be seen, `X/Y` in hexadecimal, or `primary`
  ARGV[3]  a name for this change
  ARGV[4]  time to live of a marker, seconds

  A marker is `<position> <name>`. Its position only moves forward, whatever the order in which writers arrive; its name
  is new each time, so entries that were read before this change are known as such.
]]
local markers, position, name, ttl = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]

local function isLater(a, b)
  if a == 'primary' or b == 'primary' then
    return a == 'primary'
  end
  local highA, lowA = a:match('^(%x+)/(%x+)$')
  local highB, lowB = b:match('^(%x+)/(%x+)$')
  if highA ~= highB then
    return tonumber(highA, 16) > tonumber(highB, 16)
  end
  return tonumber(lowA, 16) > tonumber(lowB, 16)
end

for at = 1, markers do
  local marker = redis.call('GET', KEYS[at])
  local known = marker and marker:match('^%S+')
  local latest = (known and isLater(known, position)) and known or position
  redis.call('SET', KEYS[at], latest .. ' ' .. name, 'EX', ttl)
end
for at = markers + 1, #KEYS do
  redis.call('DEL', KEYS[at])
end
return redis.status_reply('OK')
