/** Belongs to the machinery of chords, not to a family. */
const UNLOCK = "'celery.chord_unlock'";

/** One row's part in the counts of its family. */
const share = (state: string, sign: string): string =>
  ['SUCCESS', 'FAILURE', 'REVOKED', 'PENDING']
    .map((one) => `${sign}sum((${state} = '${one}')::int)`)
    .join(', ');

/** Adds counts to families: `rows` gives root_id, total, succeeded, failed, revoked, pending. In one order, so that nobody waits in a circle. */
const addCounts = (rows: string): string => `
  INSERT INTO workertoolbox.family_state AS f (root_id, total, succeeded, failed, revoked, pending)
  SELECT * FROM (${rows}) changes (root_id, total, succeeded, failed, revoked, pending) ORDER BY root_id
  ON CONFLICT (root_id) DO UPDATE SET total = f.total + EXCLUDED.total, succeeded = f.succeeded + EXCLUDED.succeeded,
    failed = f.failed + EXCLUDED.failed, revoked = f.revoked + EXCLUDED.revoked, pending = f.pending + EXCLUDED.pending`;

const functionSql = (name: string, body: string): string => `
CREATE FUNCTION workertoolbox.${name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN${body}
  RETURN NULL;
END $$;`;

/** A task may be recorded before or after its result: whichever comes second completes what the first one left. */
const TASKS_INSERTED = functionSql(
  'tasks_inserted',
  `
  WITH known AS (
    INSERT INTO workertoolbox.task_state AS s (task_id, root_id, state, created, counted)
    SELECT task_id, root_id, 'PENDING', created_date, type <> ${UNLOCK} FROM fresh ORDER BY task_id
    ON CONFLICT (task_id) DO UPDATE SET root_id = EXCLUDED.root_id, created = EXCLUDED.created, counted = EXCLUDED.counted
    RETURNING s.root_id, s.state, s.counted
  )${addCounts(`SELECT root_id, count(*), ${share('state', '')} FROM known WHERE counted GROUP BY root_id`)};`,
);

/** A later message may bring another root or another name; nearly all change neither. */
const TASKS_UPDATED = functionSql(
  'tasks_updated',
  `
  IF NOT EXISTS (SELECT 1 FROM fresh n JOIN stale o ON o.task_id = n.task_id
    WHERE (n.root_id, n.created_date, n.type = ${UNLOCK}) IS DISTINCT FROM (o.root_id, o.created_date, o.type = ${UNLOCK})) THEN
    RETURN NULL;
  END IF;
  WITH known AS MATERIALIZED (
    SELECT s.task_id, s.root_id AS old_root, s.counted AS old_counted, s.state, n.root_id, n.created_date, n.type <> ${UNLOCK} AS counted
    FROM workertoolbox.task_state s JOIN fresh n ON n.task_id = s.task_id ORDER BY s.task_id FOR UPDATE OF s
  ), changed AS (
    UPDATE workertoolbox.task_state s SET root_id = k.root_id, created = k.created_date, counted = k.counted FROM known k WHERE s.task_id = k.task_id
  )${addCounts(`SELECT root_id, sum(n), sum(n * (state = 'SUCCESS')::int), sum(n * (state = 'FAILURE')::int), sum(n * (state = 'REVOKED')::int), sum(n * (state = 'PENDING')::int)
    FROM (SELECT root_id, state, 1 AS n FROM known WHERE counted UNION ALL SELECT old_root, state, -1 FROM known WHERE old_counted AND old_root IS NOT NULL) moved
    GROUP BY root_id`)};`,
);

const TASKS_DELETED = functionSql(
  'tasks_deleted',
  `
  WITH known AS MATERIALIZED (
    SELECT s.task_id, s.root_id, s.state, s.counted FROM workertoolbox.task_state s JOIN stale o ON o.task_id = s.task_id
    ORDER BY s.task_id FOR UPDATE OF s
  ), gone AS (
    DELETE FROM workertoolbox.task_state s USING known k WHERE s.task_id = k.task_id AND k.state = 'PENDING'
  ), orphaned AS (
    UPDATE workertoolbox.task_state s SET root_id = NULL, created = NULL, counted = false FROM known k WHERE s.task_id = k.task_id AND k.state <> 'PENDING'
  )${addCounts(`SELECT root_id, -count(*), ${share('state', '-')} FROM known WHERE counted AND root_id IS NOT NULL GROUP BY root_id`)};
  DELETE FROM workertoolbox.family_state f USING stale o WHERE f.root_id = o.root_id AND f.total <= 0;`,
);

/** What a row of results changes: the state of its task and the counts of the family. `given`: task_id and state. */
const stateChange = (given: string): string => `
  WITH known AS MATERIALIZED (
    SELECT s.task_id, s.root_id, s.counted, s.state AS was, n.state FROM workertoolbox.task_state s JOIN (${given}) n (task_id, state) ON n.task_id = s.task_id
    WHERE s.state <> n.state ORDER BY s.task_id FOR UPDATE OF s
  ), changed AS (
    UPDATE workertoolbox.task_state s SET state = k.state FROM known k WHERE s.task_id = k.task_id
  )${addCounts(`SELECT root_id, 0, ${['SUCCESS', 'FAILURE', 'REVOKED', 'PENDING'].map((one) => `sum((state = '${one}')::int - (was = '${one}')::int)`).join(', ')}
    FROM known WHERE counted AND root_id IS NOT NULL GROUP BY root_id`)};`;

const RESULTS_STORED = functionSql(
  'results_stored',
  `
  INSERT INTO workertoolbox.task_state (task_id, state, counted)
  SELECT task_id, 'PENDING', false FROM fresh WHERE task_id IS NOT NULL ORDER BY task_id ON CONFLICT (task_id) DO NOTHING;${stateChange("SELECT task_id, COALESCE(status, 'PENDING') FROM fresh")}`,
);

const RESULTS_DELETED = functionSql(
  'results_deleted',
  `${stateChange("SELECT task_id, 'PENDING' FROM stale")}
  DELETE FROM workertoolbox.task_state s USING stale o WHERE s.task_id = o.task_id AND s.root_id IS NULL;`,
);

/** Everything anew, of the two tables. */
const COUNT_STATES = `
CREATE FUNCTION workertoolbox.count_states(tasks regclass, results regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE workertoolbox.task_state, workertoolbox.family_state;
  EXECUTE format('INSERT INTO workertoolbox.task_state (task_id, root_id, state, created, counted)
    SELECT COALESCE(t.task_id, r.task_id), t.root_id, COALESCE(r.status, ''PENDING''), t.created_date, COALESCE(t.type <> %L, false)
    FROM %s t FULL JOIN (SELECT * FROM %s WHERE task_id IS NOT NULL) r ON r.task_id = t.task_id', ${UNLOCK}, tasks, results);
  INSERT INTO workertoolbox.family_state (root_id, total, succeeded, failed, revoked, pending)
  SELECT root_id, count(*), ${share('state', '')} FROM workertoolbox.task_state WHERE counted GROUP BY root_id;
END $$;`;

const TRUNCATED = functionSql(
  'states_again',
  `
  PERFORM workertoolbox.count_states(to_regclass(format('%I.tasks_backgroundtask', TG_TABLE_SCHEMA)), to_regclass(format('%I.celery_taskmeta', TG_TABLE_SCHEMA)));`,
);

const EVENTS = [
  ['INSERT', 'REFERENCING NEW TABLE AS fresh', 'tasks_inserted', 'results_stored'],
  ['UPDATE', 'REFERENCING OLD TABLE AS stale NEW TABLE AS fresh', 'tasks_updated', 'results_stored'],
  ['DELETE', 'REFERENCING OLD TABLE AS stale', 'tasks_deleted', 'results_deleted'],
  ['TRUNCATE', '', 'states_again', 'states_again'],
] as const;

const triggerSql = (table: string, event: string, changes: string, run: string): string => `
  DROP TRIGGER IF EXISTS workertoolbox_state_${event.toLowerCase()} ON ${table};
  CREATE TRIGGER workertoolbox_state_${event.toLowerCase()} AFTER ${event} ON ${table} ${changes}
    FOR EACH STATEMENT EXECUTE FUNCTION workertoolbox.${run}();`;

/** Begins where both tables are there; asked again after every migration, for those that come later. */
const FOLLOW_STATES = `
CREATE FUNCTION workertoolbox.follow_states() RETURNS boolean LANGUAGE plpgsql SET client_min_messages = warning AS $$
DECLARE
  tasks regclass := to_regclass('tasks_backgroundtask');
  results regclass := to_regclass('celery_taskmeta');
BEGIN
  IF tasks IS NULL OR results IS NULL THEN RETURN false; END IF;
  IF (SELECT count(*) FROM pg_trigger WHERE tgname = 'workertoolbox_state_insert' AND tgrelid IN (tasks, results)) = 2 THEN RETURN true; END IF;
  LOCK TABLE tasks_backgroundtask, celery_taskmeta IN SHARE ROW EXCLUSIVE MODE;${EVENTS.flatMap(
    ([event, changes, onTasks, onResults]) => [
      triggerSql('tasks_backgroundtask', event, changes, onTasks),
      triggerSql('celery_taskmeta', event, changes, onResults),
    ],
  ).join('')}
  IF NOT EXISTS (SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = results AND a.attname = 'date_done') THEN
    CREATE INDEX workertoolbox_result_done ON celery_taskmeta (date_done);
  END IF;
  PERFORM workertoolbox.count_states(tasks, results);
  RETURN true;
END $$;`;

/**
 * The state of every task beside its root and its time, and how many of each family are in which state: what a join of the two
 * tables cannot answer from an index. Triggers keep both exact, whoever writes (Python's workers, the platform itself). The
 * functions run with the rights of their owner, so that writers need none besides those on the two tables.
 */
export const STATE_TABLES_SQL = `
CREATE TABLE workertoolbox.task_state (
  task_id varchar(155) PRIMARY KEY,
  root_id varchar(155),
  state varchar(50) NOT NULL,
  created timestamptz,
  counted boolean NOT NULL
);
CREATE INDEX task_state_listed ON workertoolbox.task_state (state, created, task_id) WHERE state <> 'SUCCESS';
CREATE TABLE workertoolbox.family_state (
  root_id varchar(155) PRIMARY KEY,
  total integer NOT NULL,
  succeeded integer NOT NULL,
  failed integer NOT NULL,
  revoked integer NOT NULL,
  pending integer NOT NULL
) WITH (fillfactor = 70);
${[COUNT_STATES, TASKS_INSERTED, TASKS_UPDATED, TASKS_DELETED, RESULTS_STORED, RESULTS_DELETED, TRUNCATED, FOLLOW_STATES].join('')}
SELECT workertoolbox.follow_states();`;
