import type { Redis } from 'ioredis';

/**
 * Takes up to ARGV[1] messages, the most urgent step first, and records each as in delivery, in one step: no crash
 * can fall between. KEYS: unacked, its index, the queue's lists. ARGV[2] begins the names of the deliveries, ARGV[3]
 * ends their records. The two removals of nothing fail, before anything is taken, where a key has another type; after
 * them Redis also finishes a step begun when memory is short.
 */
const TAKE = `
redis.call('HDEL', KEYS[1], '')
redis.call('ZREM', KEYS[2], '')
local max, base, ending = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local time = redis.call('TIME')
local now = time[1] .. '.' .. string.format('%06d', time[2])
local taken = {}
for k = 3, #KEYS do
  if #taken < max then
    local texts = redis.call('RPOP', KEYS[k], max - #taken)
    for _, text in ipairs(texts or {}) do
      local n = #taken + 1
      local tag = base .. string.format('%04d', n)
      redis.call('HSET', KEYS[1], tag, '[' .. text .. ending)
      redis.call('ZADD', KEYS[2], now, tag)
      taken[n] = text
    end
  end
end
return taken`;

/** The deliveries of a TAKE whose answer was lost: their names and records, held anew. */
const RECLAIM = `
local time = redis.call('TIME')
local now = time[1] .. '.' .. string.format('%06d', time[2])
local found = {}
for n = 1, tonumber(ARGV[1]) do
  local tag = ARGV[2] .. string.format('%04d', n)
  local entry = redis.call('HGET', KEYS[1], tag)
  if entry and redis.call('ZREM', KEYS[2], tag) == 1 then
    redis.call('ZADD', KEYS[2], now, tag)
    found[#found + 1] = tag
    found[#found + 1] = entry
  end
end
return found`;

/** Ends deliveries: ARGV are their names. Answers 1 for each that was still recorded. */
const SETTLE = `
local done = {}
for n, tag in ipairs(ARGV) do
  redis.call('ZREM', KEYS[2], tag)
  done[n] = redis.call('HDEL', KEYS[1], tag)
end
return done`;

/** Moves delivery times: ARGV are pairs of a name and the seconds to add to the present. Removed first, since Redis then adds it even when memory is short. */
const HOLD = `
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local done = {}
for n = 1, #ARGV, 2 do
  local held = redis.call('ZREM', KEYS[2], ARGV[n])
  if held == 1 then redis.call('ZADD', KEYS[2], string.format('%.6f', now + tonumber(ARGV[n + 1])), ARGV[n]) end
  done[#done + 1] = held
end
return done`;

/**
 * Gives deliveries back to the heads of lists: ARGV are groups of name, expected score ('' for any), number of copies, and for
 * each copy the place of its list in KEYS and its text.
 */
const GIVE_BACK = `
local done, at = {}, 1
while at <= #ARGV do
  local tag, score, copies = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  local ours = score == '' or redis.call('ZSCORE', KEYS[2], tag) == score
  if ours then
    redis.call('ZREM', KEYS[2], tag)
    ours = redis.call('HDEL', KEYS[1], tag) == 1
  end
  if ours then
    for c = 1, copies do
      redis.call('RPUSH', KEYS[tonumber(ARGV[at + 1 + 2 * c])], ARGV[at + 2 + 2 * c])
    end
  end
  done[#done + 1] = ours and 1 or 0
  at = at + 3 + 2 * copies
end
return done`;

/**
 * Deliveries held for longer than ARGV[1] seconds, at most ARGV[2], the latest first: their names, times and records; before them
 * the seconds until the next one is due.
 */
const OVERDUE = `
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local limit = string.format('%.6f', now - tonumber(ARGV[1]))
local rows = redis.call('ZREVRANGEBYSCORE', KEYS[2], limit, '-inf', 'WITHSCORES', 'LIMIT', 0, tonumber(ARGV[2]))
local after = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. limit, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
local found = { after[2] and tostring(tonumber(after[2]) + tonumber(ARGV[1]) - now) or '' }
for n = 1, #rows, 2 do
  found[#found + 1] = rows[n]
  found[#found + 1] = rows[n + 1]
  found[#found + 1] = redis.call('HGET', KEYS[1], rows[n]) or ''
end
return found`;

/**
 * Stores messages, each with all of its copies or not at all. KEYS are lists; ARGV are groups of a number of copies, and for
 * each copy the place of its list in KEYS and its text. Answers 0, or the place of the list that is something else.
 */
const PUBLISH = `
local wrong = {}
for k = 1, #KEYS do
  local kind = redis.call('TYPE', KEYS[k]).ok
  wrong[k] = kind ~= 'list' and kind ~= 'none'
end
local done, at = {}, 1
while at <= #ARGV do
  local copies, bad = tonumber(ARGV[at]), 0
  for c = 1, copies do
    local k = tonumber(ARGV[at + 2 * c - 1])
    if wrong[k] then bad = k end
  end
  if bad == 0 then
    for c = 1, copies do
      redis.call('LPUSH', KEYS[tonumber(ARGV[at + 2 * c - 1])], ARGV[at + 2 * c])
    end
  end
  done[#done + 1] = bad
  at = at + 1 + 2 * copies
end
return done`;

/** A lock: a key that ends by itself and holds its holder's token. Answers nothing when it is ours, else whose and for how long. */
const LOCK = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return { holder, redis.call('PTTL', KEYS[1]) } end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {}`;

const UNLOCK = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return { 0 } end
return { redis.call('DEL', KEYS[1]) }`;

/** The next turn of a line, in microseconds: ARGV[1] between two, ARGV[2] the longest wait. The key ends with the line. */
const TURN = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local start = math.max(now, tonumber(redis.call('GET', KEYS[1]) or now))
if start - now > tonumber(ARGV[2]) then return { 0, start - now } end
local next = start + tonumber(ARGV[1])
redis.call('SET', KEYS[1], string.format('%.0f', next), 'PX', math.ceil((next - now) / 1000) + 1)
return { 1, start - now }`;

export const SCRIPTS = {
  wtTake: { lua: TAKE },
  wtReclaim: { lua: RECLAIM },
  wtSettle: { lua: SETTLE },
  wtHold: { lua: HOLD },
  wtGiveBack: { lua: GIVE_BACK },
  wtOverdue: { lua: OVERDUE },
  wtPublish: { lua: PUBLISH },
  wtLock: { lua: LOCK },
  wtUnlock: { lua: UNLOCK },
  wtTurn: { lua: TURN },
} as const;

type Script<Answer> = (keys: number, ...keysAndArguments: (string | number)[]) => Promise<Answer[]>;

/** A client that knows our scripts. */
export type ScriptedRedis = Redis & {
  readonly wtTake: Script<string>;
  readonly wtReclaim: Script<string>;
  readonly wtSettle: Script<number>;
  readonly wtHold: Script<number>;
  readonly wtGiveBack: Script<number>;
  readonly wtOverdue: Script<string>;
  readonly wtPublish: Script<number>;
  readonly wtLock: Script<string | number>;
  readonly wtUnlock: Script<number>;
  readonly wtTurn: Script<number>;
};
