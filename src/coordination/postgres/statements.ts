const millis = (place: string): string => `${place}::float8 * interval '1 millisecond'`;

/** `$1` lock, `$2` token, `$3` milliseconds. No row: somebody else has it. */
export const ACQUIRE = `
INSERT INTO workertoolbox.lock AS held (name, token, expires)
VALUES ($1, $2, clock_timestamp() + ${millis('$3')})
ON CONFLICT (name) DO UPDATE SET token = excluded.token, expires = clock_timestamp() + ${millis('$3')}
WHERE held.token = excluded.token OR held.expires <= clock_timestamp()
RETURNING name`;

/** No row: it is free by now. */
export const HOLDER = `
SELECT token AS holder, (extract(epoch FROM expires - clock_timestamp()) * 1000)::float8 AS "freeInMs"
FROM workertoolbox.lock WHERE name = $1 AND expires > clock_timestamp()`;

export const RELEASE = `
DELETE FROM workertoolbox.lock WHERE name = $1 AND token = $2
RETURNING expires > clock_timestamp() AS held`;

/** Locks that ended and were not given back: some at a time, none that others are at. */
export const FORGET = `
DELETE FROM workertoolbox.lock WHERE expires < clock_timestamp() AND name = ANY (ARRAY(
  SELECT name FROM workertoolbox.lock WHERE expires < clock_timestamp() LIMIT 100 FOR UPDATE SKIP LOCKED))`;

/** `$1` line, `$2` milliseconds between turns, `$3` the longest wait. No row: the line is longer. */
export const TURN = `
INSERT INTO workertoolbox.line AS known (name, next)
VALUES ($1, clock_timestamp() + ${millis('$2')})
ON CONFLICT (name) DO UPDATE SET next = greatest(known.next, clock_timestamp()) + ${millis('$2')}
WHERE known.next <= clock_timestamp() + ${millis('$3')}
RETURNING greatest(0, extract(epoch FROM next - ${millis('$2')} - clock_timestamp()) * 1000)::float8 AS "waitMs"`;

export const LENGTH = `
SELECT greatest(0, extract(epoch FROM next - clock_timestamp()) * 1000)::float8 AS "waitMs"
FROM workertoolbox.line WHERE name = $1`;
