import type { Redis } from 'ioredis';

/**
 * Writes results and tells those who wait, in one step for each. KEYS: of the results. ARGV, four for each: the payload;
 * seconds it is kept, 0 for ever; `1` when it is the outcome of a run; SHA-1 of what the caller has seen stored and
 * decided to replace, or nothing. SUCCESS is never replaced, FAILURE and REVOKED by outcomes only. What is stored says its
 * state at its beginning when it is JSON; else the caller is asked: the answer is what is stored. Answers 1 for what was
 * written, 0 for what was not.
 */
const STORE = `
local ready = { SUCCESS = true, FAILURE = true, REVOKED = true }
local answers = {}
for n, key in ipairs(KEYS) do
  local at = (n - 1) * 4
  local payload, expires, outcome, seen = ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3], ARGV[at + 4]
  local head = redis.call('GETRANGE', key, 0, 79)
  local write, answer = false, 0
  if head == '' then
    write = true
  else
    local state = string.match(head, '^{"status": ?"([^"\\\\]*)"')
    if state then
      write = not ready[state] or (state ~= 'SUCCESS' and outcome == '1')
    else
      local stored = redis.call('GET', key)
      write = redis.sha1hex(stored) == seen
      if not write then answer = stored end
    end
  end
  if write then
    if expires > 0 then redis.call('SET', key, payload, 'EX', expires) else redis.call('SET', key, payload) end
    redis.call('PUBLISH', key, payload)
    answer = 1
  end
  answers[n] = answer
end
return answers`;

/**
 * Counts a part of a chord, once. KEYS: parts, added, size, counted, claim, header. ARGV: the part's mark, its payload, `1`
 * for a sorted set, its score, seconds the counts are kept, seconds the header is, seconds of a claim, name of the claim.
 * Answers what became of it (-1 the chord is done, 0 it is not complete, 1 it is complete and claimed, 2 it is complete
 * and another's) and whether the part was new.
 */
const CHORD_PART = `
local claim = redis.call('GET', KEYS[5])
if claim == 'done' then return { -1, 0 } end
local new = redis.call('SADD', KEYS[4], ARGV[1])
if new == 1 then
  if ARGV[3] == '1' then redis.call('ZADD', KEYS[1], ARGV[4], ARGV[2]) else redis.call('RPUSH', KEYS[1], ARGV[2]) end
end
local expires, headerExpires = tonumber(ARGV[5]), tonumber(ARGV[6])
if expires > 0 then
  for k = 1, 4 do redis.call('EXPIRE', KEYS[k], expires) end
  if headerExpires > 0 then redis.call('EXPIRE', KEYS[6], headerExpires) end
end
local size = tonumber(redis.call('GET', KEYS[3]) or '')
if not size then return { 0, new } end
local count = ARGV[3] == '1' and redis.call('ZCARD', KEYS[1]) or redis.call('LLEN', KEYS[1])
if count ~= size + tonumber(redis.call('GET', KEYS[2]) or '0') then return { 0, new } end
if claim == ARGV[8] or redis.call('SET', KEYS[5], ARGV[8], 'NX', 'EX', ARGV[7]) then return { 1, new } end
return { 2, new }`;

/** Adds a part to a chord that is not done, once. KEYS: added, counted, claim. ARGV: the part's mark, seconds the counts are kept. */
const CHORD_ADD = `
if redis.call('GET', KEYS[3]) == 'done' or redis.call('SADD', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('INCR', KEYS[1])
if tonumber(ARGV[2]) > 0 then
  for k = 1, 2 do redis.call('EXPIRE', KEYS[k], ARGV[2]) end
end
return 1`;

/** Keeps a claim for longer, or takes it again when it has ended and nobody else has it. KEYS: claim, size. ARGV: its name, seconds. */
const CHORD_KEEP = `
local claim = redis.call('GET', KEYS[1])
if claim == ARGV[1] then return redis.call('EXPIRE', KEYS[1], ARGV[2]) end
if claim or redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1`;

/** Ends a chord whose claim is ours. KEYS: claim, parts, added, size, counted. ARGV: the claim's name, seconds that later copies of its parts know. */
const CHORD_DONE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2], KEYS[3], KEYS[4], KEYS[5])
redis.call('SET', KEYS[1], 'done', 'EX', ARGV[2])
return 1`;

/** Gives a claim back. KEYS: claim. ARGV: its name. */
const CHORD_GIVE_BACK = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

export const SCRIPTS = {
  wtStore: { lua: STORE },
  wtChordPart: { lua: CHORD_PART },
  wtChordAdd: { lua: CHORD_ADD },
  wtChordKeep: { lua: CHORD_KEEP },
  wtChordDone: { lua: CHORD_DONE },
  wtChordGiveBack: { lua: CHORD_GIVE_BACK },
} as const;

type Script<Answer> = (keys: number, ...keysAndArguments: (string | number | Buffer)[]) => Promise<Answer>;

/** A client that knows our scripts. */
export type ResultsRedis = Redis & {
  readonly wtStoreBuffer: Script<readonly (number | Buffer)[]>;
  readonly wtChordPart: Script<readonly [outcome: number, isNew: number]>;
  readonly wtChordAdd: Script<number>;
  readonly wtChordKeep: Script<number>;
  readonly wtChordDone: Script<number>;
  readonly wtChordGiveBack: Script<number>;
};
