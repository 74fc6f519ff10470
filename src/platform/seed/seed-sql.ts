/** A number between 0 and 1 that belongs to a task: the same for the same seed and use. */
const chance = (use: number): string =>
  `((hashint8extended(n, $2::bigint * 100 + ${use}) & 1048575)::float8 / 1048576)`;
const pick = (use: number, array: string): string =>
  `(${array})[1 + floor(${chance(use)} * array_length(${array}, 1))::int]`;

const id = (number: string): string => `md5($2::text || ':' || (${number}))::uuid::text`;

/** Families as they were drawn, one row each. */
export const FAMILIES_SQL = `CREATE TEMPORARY TABLE seed_family ON COMMIT DROP AS
SELECT first, size, kind FROM unnest($1::int[], $2::int[], $3::text[]) AS f (first, size, kind)`;

/**
 * Every task with what its rows are made of. $1 tasks, $2 seed, $3 days, $4 the end of them. The newest have not ended; of the
 * others a few never will.
 */
export const TASKS_SQL = `CREATE TEMPORARY TABLE seed_task ON COMMIT DROP AS
SELECT n, task_id, root_id, parent_id, type, created, state, wait, run, again, eta, is_result, k FROM (
  SELECT *, ${id('n')} AS task_id, ${id('first')} AS root_id,
    CASE WHEN k = 0 THEN NULL WHEN kind = 'chain' OR k = size - 1 THEN ${id('n - 1')} ELSE ${id('first')} END AS parent_id,
    CASE kind WHEN 'single' THEN ${pick(1, "ARRAY['msg.send', 'msg.digest', 'import.check', 'report.daily']")}
      WHEN 'chain' THEN (ARRAY['import.fetch', 'import.parse', 'import.check', 'import.store', 'msg.send', 'report.update'])[1 + k % 6]
      ELSE CASE WHEN k = 0 THEN 'export.project' WHEN k = size - 1 THEN 'export.create_result' ELSE 'export.page' END END AS type,
    $4::timestamptz - (($1::int - n)::float8 / $1::int) * $3::float8 * interval '1 day' AS created,
    CASE WHEN n > $1::int * 0.999 AND age < 0.2 THEN 'STARTED' WHEN n > $1::int * 0.999 THEN 'PENDING'
      WHEN age < 0.0005 THEN 'PENDING' WHEN age < 0.001 THEN 'STARTED' WHEN age < 0.0025 THEN 'RETRY'
      WHEN age < 0.0125 THEN 'REVOKED' WHEN age < 0.05 THEN 'FAILURE' ELSE 'SUCCESS' END AS state,
    -ln(1 - ${chance(3)}) * 4 AS wait, -ln(1 - ${chance(4)}) * CASE kind WHEN 'chord' THEN 20 ELSE 2 END AS run,
    CASE WHEN ${chance(5)} < 0.05 THEN 1 + (${chance(6)} * 3)::int ELSE 0 END AS again,
    CASE WHEN ${chance(7)} < 0.02 THEN interval '1 hour' * (1 + floor(${chance(8)} * 48)) END AS eta,
    kind = 'chord' AND k > 0 AND k = size - 1 AS is_result
  FROM (SELECT f.*, k, first + k AS n FROM seed_family f, generate_series(0, size - 1) k) made,
    LATERAL (SELECT ${chance(2)} AS age) aged
) task`;

/** $1 seed, $2 whether creators may be named, $3 and $4 the span of tasks. */
export const insertTasksSql = `INSERT INTO tasks_backgroundtask
  (id, task_id, type, created_date, last_updated, input, options, parent_id, root_id, creator_id, related_object_id)
SELECT translate(substr(md5($1::text || n || 'row'), 1, 24), '01', 'yz'), task_id, type, created, created,
  jsonb_build_object('args', jsonb_build_array('org-' || n % 97, 'project-' || n % 4999),
    'kwargs', jsonb_build_object('output_type', (ARRAY['all', 'shp', 'xls', 'res'])[1 + n % 4], 'page', k, 'note', md5(n::text))),
  jsonb_strip_nulls(jsonb_build_object('seeded', true, 'retries', again, 'priority', 0, 'correlation_id', task_id,
    'delivery_info', jsonb_build_object('exchange', 'task_exchange', 'routing_key', split_part(type, '.', 1)),
    'is_result', CASE WHEN is_result THEN true END, 'eta', to_char(created + eta, 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'))),
  parent_id, root_id, CASE WHEN $2::boolean AND n % 10 < 7 THEN 1 + n % 211 END, CASE WHEN n % 10 < 7 THEN 'object-' || n % 20011 END
FROM seed_task WHERE n >= $3 AND n < $4 ORDER BY n
ON CONFLICT DO NOTHING`;

const due = "(created + COALESCE(eta, interval '0'))";
const started = `(${due} + wait * interval '1 second')`;
const ended = `(${started} + run * interval '1 second')`;

/** $1 successes, $2 failures, $3 revocations as bytes, $4 the trace of a failure, $5 and $6 the span. */
export const insertResultsSql = (zoned: boolean, idSequence: boolean): string => `INSERT INTO celery_taskmeta
  (${idSequence ? 'id, ' : ''}task_id, status, result, date_done, traceback)
SELECT ${idSequence ? "nextval('task_id_sequence'), " : ''}task_id, state,
  CASE state WHEN 'SUCCESS' THEN ($1::bytea[])[1 + n % array_length($1::bytea[], 1)] WHEN 'FAILURE' THEN ($2::bytea[])[1 + n % array_length($2::bytea[], 1)]
    WHEN 'RETRY' THEN ($2::bytea[])[1 + n % array_length($2::bytea[], 1)] WHEN 'REVOKED' THEN ($3::bytea[])[1] END,
  CASE WHEN state IN ('SUCCESS', 'FAILURE', 'REVOKED') THEN ${ended}${zoned ? '' : " AT TIME ZONE 'UTC'"} END,
  CASE WHEN state IN ('FAILURE', 'RETRY') THEN $4::text END
FROM seed_task WHERE state <> 'PENDING' AND n >= $5 AND n < $6 ORDER BY n
ON CONFLICT DO NOTHING`;

/** $1 and $2 the span. Those that were tried again have their earlier runs too. */
export const insertAttemptsSql = `INSERT INTO workertoolbox.attempt (task_id, started, ended, worker, queue, outcome, reason)
SELECT task_id, ${started} - back * interval '90 seconds', CASE WHEN back > 0 OR state <> 'STARTED' THEN ${ended} - back * interval '90 seconds' END,
  split_part(type, '.', 1) || '@host-' || 1 + n % 8, split_part(type, '.', 1),
  CASE WHEN back > 0 THEN 'RETRY' WHEN state <> 'STARTED' THEN state END, CASE WHEN back > 0 THEN 'connection reset' END
FROM seed_task, generate_series(0, again) back WHERE state NOT IN ('PENDING', 'REVOKED') AND n >= $1 AND n < $2
ON CONFLICT DO NOTHING`;
