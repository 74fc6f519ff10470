/** `$1` is the app, `$2` the token of the lead. Holding the row keeps the lead where it is until the statement is done. */
const WITH_LEAD = `WITH lead AS (
  SELECT 1 FROM workertoolbox.beat_lease WHERE app = $1 AND token = $2 AND expires > clock_timestamp() FOR SHARE
)`;

/** `$2` the holder, `$3` milliseconds. No row: somebody else leads. */
export const TAKE_LEAD = `
INSERT INTO workertoolbox.beat_lease AS held (app, holder, token, expires)
VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
ON CONFLICT (app) DO UPDATE SET holder = excluded.holder, expires = excluded.expires,
  token = held.token + CASE WHEN held.holder = excluded.holder AND held.expires > clock_timestamp() THEN 0 ELSE 1 END
WHERE held.holder = excluded.holder OR held.expires <= clock_timestamp()
RETURNING token::float8, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now`;

export const LEAD_LEFT = `
SELECT greatest(0, extract(epoch FROM expires - clock_timestamp()) * 1000)::float8 AS free
FROM workertoolbox.beat_lease WHERE app = $1`;

export const RESIGN = `
UPDATE workertoolbox.beat_lease SET expires = clock_timestamp() WHERE app = $1 AND token = $2`;

const millis = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;
const instant = (value: string): string => `to_timestamp(${value} / 1000.0)`;

export const LOAD = `
SELECT name, source, ${millis('cursor')} AS cursor, timezone, ${millis('pending_tick')} AS tick, pending_id AS "taskId",
  ${millis('last_run_at')} AS "lastRunAt", total_run_count::float8 AS "totalRunCount",
  jsonb_build_object('task', task, 'schedule', schedule, 'args', args, 'kwargs', kwargs, 'options', options,
    'enabled', enabled, 'catch_up', catch_up, 'starting_deadline', starting_deadline) AS definition
FROM workertoolbox.beat_entry WHERE app = $1 ORDER BY name`;

const DEFINITION = 'enabled, task, schedule, args, kwargs, options, catch_up, starting_deadline';
const DEFINED = DEFINITION.replace(/\w+/g, 'e.$&');
const REDEFINE = `DO UPDATE SET source = excluded.source, ${DEFINITION.replace(/\w+/g, '$& = excluded.$&')}
  WHERE (known.source, ${DEFINITION.replace(/\w+/g, 'known.$&')})
    IS DISTINCT FROM (excluded.source, ${DEFINITION.replace(/\w+/g, 'excluded.$&')})`;

const entriesIn = (parameter: string): string => `jsonb_to_recordset(${parameter}::jsonb) AS e(name text,
  enabled boolean, task text, schedule jsonb, args jsonb, kwargs jsonb, options jsonb, catch_up text,
  starting_deadline float8)`;

/** `$3` the entries of the code as JSON. */
export const CONFIGURE = `${WITH_LEAD}
INSERT INTO workertoolbox.beat_entry AS known (app, source, name, ${DEFINITION})
SELECT $1, 'app', e.name, ${DEFINED} FROM ${entriesIn('$3')}, lead
ON CONFLICT (app, name) ${REDEFINE}`;

/** `$3` the names of the entries of the code. */
export const FORGET_OTHERS = `${WITH_LEAD}
DELETE FROM workertoolbox.beat_entry USING lead WHERE app = $1 AND source = 'app' AND name <> ALL ($3::text[])`;

/** `$2` one entry as JSON. */
export const PUT = `
INSERT INTO workertoolbox.beat_entry AS known (app, source, name, ${DEFINITION})
SELECT $1, 'store', e.name, ${DEFINED} FROM ${entriesIn('$2')}
ON CONFLICT (app, name) ${REDEFINE}`;

export const REMOVE = 'DELETE FROM workertoolbox.beat_entry WHERE app = $1 AND name = $2';

/** `$3` the claims as JSON. */
export const CLAIM = `${WITH_LEAD}
UPDATE workertoolbox.beat_entry AS known SET cursor = ${instant('c.cursor')}, timezone = c.timezone,
  pending_tick = ${instant('c.tick')}, pending_id = c."taskId"
FROM lead, jsonb_to_recordset($3::jsonb) AS c(name text, was float8, cursor float8, timezone text, tick float8, "taskId" text)
WHERE known.app = $1 AND known.name = c.name AND known.cursor IS NOT DISTINCT FROM ${instant('c.was')}
RETURNING known.name`;

/** `$3` task ids, `$4` when they were sent. */
export const SETTLE = `${WITH_LEAD}
UPDATE workertoolbox.beat_entry SET pending_tick = NULL, pending_id = NULL,
  last_run_at = ${instant('$4::float8')}, total_run_count = total_run_count + 1
FROM lead WHERE app = $1 AND pending_id = ANY ($3::text[])`;
