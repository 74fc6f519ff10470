import pg from 'pg';

/** The statements that let a worker's role end chords without polling. They fail before `migrate` has run. */
export function grantChordsSql(role: string): string {
  const to = pg.escapeIdentifier(role);
  return [
    `GRANT USAGE ON SCHEMA workertoolbox TO ${to};`,
    `GRANT SELECT, INSERT, UPDATE ON workertoolbox.chord TO ${to};`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON workertoolbox.chord_keeper TO ${to};`,
  ].join('\n');
}

/** Whether this role has both tables and may use them. */
export const CHORDS_USABLE = `
SELECT count(*) = 2 AS usable FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'workertoolbox' AND c.relname IN ('chord', 'chord_keeper') AND has_schema_privilege(n.oid, 'USAGE')
  AND has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE')`;

/** Seconds a claim holds: whoever has not told how it went by then has died. */
const CLAIM = "interval '20 seconds'";
/** Chords of one look. */
const AT_A_TIME = 100;

const done = (results: string): string => `NOT EXISTS (
  SELECT FROM unnest(c.parts) AS part (id) LEFT JOIN ${results} r ON r.task_id = part.id
  WHERE r.status IS NULL OR r.status NOT IN ('SUCCESS', 'FAILURE', 'REVOKED'))`;

const insert = (condition: string): string => `
INSERT INTO workertoolbox.chord AS c (group_id, scope, look_every, next_look, give_up, parts, header, body)
SELECT $1, $2, $3, now() + make_interval(secs => $3), now() + make_interval(secs => $4), $5, $6, $7
WHERE ${condition}
ON CONFLICT (group_id) DO UPDATE SET look_every = excluded.look_every, next_look = excluded.next_look,
  give_up = excluded.give_up, parts = excluded.parts || c.parts, header = excluded.header, body = excluded.body
WHERE c.header IS NULL`;

export const OPEN_SQL = insert('true');
export const BEGIN_SQL = insert(
  'EXISTS (SELECT FROM workertoolbox.chord_keeper k WHERE k.scope = $2 AND k.until > now())',
);

/** Keepers that went without saying so are removed by those who come. */
export const ATTEND_SQL = `
WITH gone AS (DELETE FROM workertoolbox.chord_keeper WHERE until < now() - interval '1 day' AND keeper <> $1)
INSERT INTO workertoolbox.chord_keeper (keeper, scope, until) VALUES ($1, $2, now() + make_interval(secs => $3))
ON CONFLICT (keeper) DO UPDATE SET until = excluded.until`;
export const LEAVE_SQL = `DELETE FROM workertoolbox.chord_keeper WHERE keeper = $1`;

export const ADD_SQL = `
INSERT INTO workertoolbox.chord AS c (group_id, scope, parts, added) VALUES ($1, $2, ARRAY[$3], ARRAY[$3])
ON CONFLICT (group_id) DO UPDATE SET parts = c.parts || excluded.parts, added = c.added || excluded.added
WHERE c.state = 'open' AND NOT c.added @> excluded.added`;

/** The compare-and-set: of those who see that the last part has ended, one finds the chord open. */
export const claimSql = (results: string): string => `
UPDATE workertoolbox.chord c SET state = 'claimed', next_look = now() + ${CLAIM}
WHERE c.group_id = $1 AND c.state = 'open' AND c.header IS NOT NULL AND ${done(results)}
RETURNING c.group_id, c.header, c.added, c.body, false AS again, false AS late`;

/** The older a chord is, the rarer are the looks: a tenth of its age, half a minute at most. */
export const claimDueSql = (results: string): string => `
WITH due AS (
  SELECT c.group_id, c.state = 'claimed' AS again, coalesce(c.give_up <= now(), false) AS late, ${done(results)} AS done
  FROM workertoolbox.chord c
  WHERE c.scope = $1 AND c.state <> 'ended' AND c.header IS NOT NULL AND c.next_look <= now()
  ORDER BY c.next_look LIMIT ${AT_A_TIME} FOR UPDATE OF c SKIP LOCKED
), looked AS (
  UPDATE workertoolbox.chord c SET
    state = CASE WHEN d.again OR d.late OR d.done THEN 'claimed' ELSE 'open' END,
    next_look = now() + CASE WHEN d.again OR d.late OR d.done THEN ${CLAIM}
      ELSE make_interval(secs => least(greatest(30, c.look_every), greatest(c.look_every, extract(epoch FROM now() - c.opened) / 10))) END
  FROM due d WHERE c.group_id = d.group_id
  RETURNING c.group_id, c.header, c.added, c.body, c.state, d.again, d.late AND NOT d.done AS late
)
SELECT * FROM looked WHERE state = 'claimed'`;

export const NEXT_DUE_SQL = `
SELECT extract(epoch FROM min(next_look) - now())::float8 AS seconds FROM workertoolbox.chord
WHERE scope = $1 AND state <> 'ended' AND header IS NOT NULL`;

export const ENDED_SQL = `UPDATE workertoolbox.chord SET state = 'ended' WHERE group_id = $1`;

export const UNSURE_SQL = `
UPDATE workertoolbox.chord SET next_look = now() + make_interval(secs => look_every) WHERE group_id = $1 AND state = 'claimed'`;

export const REMOVE_CHORDS_SQL = `
DELETE FROM workertoolbox.chord WHERE opened < to_timestamp($1::float8) AND (state = 'ended' OR header IS NULL)`;
