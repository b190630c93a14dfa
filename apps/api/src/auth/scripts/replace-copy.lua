--[[
  Replaces the copy of a session, unless the mark of its end stands there.

  KEYS[1]  copy of a session
  ARGV[1]  session as JSON
  ARGV[2]  time to live, seconds

  Returns 1 when it was replaced, else 0.
]]
if redis.call('GET', KEYS[1]) == 'null' then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
