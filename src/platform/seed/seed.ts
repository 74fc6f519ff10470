import type { ClientBase } from 'pg';
import { ToolboxError } from '../../base/index.js';
import { encodeResult } from '../../results/index.js';
import { DEFAULT_FAMILIES, familyKinds, seededFamilies } from './families.js';
import { FAMILIES_SQL, insertAttemptsSql, insertResultsSql, insertTasksSql, TASKS_SQL } from './seed-sql.js';
import { withoutIndexes } from './without-indexes.js';

export interface SeedOptions {
  readonly tasks: number;
  /** The same seed makes the same tasks. Default 7. */
  readonly seed?: number;
  /** `kind:size:share,…` with the kinds single, chain and chord. */
  readonly families?: string;
  /** Days the tasks are spread over. Default 90. */
  readonly days?: number;
  /** When the last of them was sent. Default: now. */
  readonly until?: Date;
  /** Also where there are tasks that no seed made. Default false. */
  readonly force?: boolean;
  readonly onProgress?: (what: string, done: number, of: number) => void;
}

const AT_ONCE = 50_000;

/**
 * Fills the tables with tasks as a platform has them, for tests and measurements: families of all sizes, states, errors, durations,
 * runs. What an earlier seed made is removed first.
 *
 * @throws STORE_REFUSED where there are tasks that no seed made, unless forced
 */
export async function seedTasks(client: ClientBase, options: SeedOptions): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query("SET LOCAL TIME ZONE 'UTC'");
    const empty = await makeRoom(client, options.force === true);
    await (empty ? withoutIndexes(client, () => fill(client, options)) : fill(client, options));
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
  await client.query('ANALYZE tasks_backgroundtask, celery_taskmeta');
  if (await has(client, 'workertoolbox.task_state')) {
    await client.query(
      'VACUUM ANALYZE workertoolbox.task_state, workertoolbox.family_state, workertoolbox.attempt',
    );
  }
}

const has = async (client: ClientBase, table: string): Promise<boolean> =>
  (await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [table])).rows[0]
    ?.there === true;

/** True when nothing is in the tables any more. */
async function makeRoom(client: ClientBase, force: boolean): Promise<boolean> {
  const { rows } = await client.query<{ foreign: boolean }>(
    "SELECT EXISTS (SELECT 1 FROM tasks_backgroundtask WHERE NOT options ? 'seeded') OR EXISTS (SELECT 1 FROM celery_taskmeta r WHERE NOT EXISTS (SELECT 1 FROM tasks_backgroundtask t WHERE t.task_id = r.task_id)) AS foreign",
  );
  if (rows[0]?.foreign !== true) {
    const attempts = (await has(client, 'workertoolbox.attempt')) ? ', workertoolbox.attempt' : '';
    await client.query(`TRUNCATE tasks_backgroundtask, celery_taskmeta${attempts}`);
    return true;
  }
  if (force) return false;
  throw new ToolboxError(
    'STORE_REFUSED',
    'there are tasks in this database that no seed made: seed an empty database, or add to this one with --force',
  );
}

async function fill(client: ClientBase, options: SeedOptions): Promise<void> {
  const { tasks, seed = 7, days = 90, until = new Date(), onProgress = () => undefined } = options;
  const families = seededFamilies(tasks, seed, familyKinds(options.families ?? DEFAULT_FAMILIES));
  await client.query(FAMILIES_SQL, [
    families.map(({ first }) => first),
    families.map(({ size }) => size),
    families.map(({ kind }) => kind),
  ]);
  await client.query(TASKS_SQL, [tasks, seed, days, until]);
  await client.query('CREATE INDEX ON seed_task (n)');
  const table = await tableFacts(client);
  const attempts = await has(client, 'workertoolbox.attempt');
  const results = insertResultsSql(table.zoned, table.sequence);
  for (let from = 0; from < tasks; from += AT_ONCE) {
    const to = Math.min(from + AT_ONCE, tasks);
    await client.query(insertTasksSql, [seed, table.creators, from, to]);
    await client.query(results, [SUCCESSES, FAILURES, REVOCATIONS, TRACE, from, to]);
    if (attempts) await client.query(insertAttemptsSql, [from, to]);
    onProgress('tasks', to, tasks);
  }
}

const bytes = (status: string, value: unknown): Buffer => Buffer.from(encodeResult(status, value) ?? []);
const failed = (type: string, ...args: readonly unknown[]): Buffer =>
  bytes('FAILURE', { exc_type: type, exc_message: args, exc_module: 'builtins' });

const SUCCESSES = [true, null, 42, 'https://files.example/export.zip', { rows: 1203, skipped: 4 }].map(
  (value) => bytes('SUCCESS', value),
);
const FAILURES = [
  failed('ValueError', 'geometry has fewer than 4 points'),
  failed('KeyError', 'project_slug'),
  failed('ConnectionError', 'connection reset by peer'),
  failed('TimeLimitExceeded', 600),
  failed('MemoryError'),
  failed('HTTPError', 502, 'bad gateway'),
  failed('TypeError', "expected str, got None for 'name'"),
];
const REVOCATIONS = [
  bytes('REVOKED', {
    exc_type: 'TaskRevokedError',
    exc_message: ['revoked'],
    exc_module: 'celery.exceptions',
  }),
];
const TRACE = `Traceback (most recent call last):
  File "/app/tasks.py", line 41, in run
    rows = load(project)
  File "/app/load.py", line 12, in load
    raise error`;

interface TableFacts {
  readonly zoned: boolean;
  /** Ids of results are drawn from Celery's sequence. */
  readonly sequence: boolean;
  /** Creators are numbers only, no users that must exist. */
  readonly creators: boolean;
}

async function tableFacts(client: ClientBase): Promise<TableFacts> {
  const { rows } = await client.query<TableFacts>(`SELECT
    (SELECT atttypid = 'timestamptz'::regtype FROM pg_attribute WHERE attrelid = 'celery_taskmeta'::regclass AND attname = 'date_done') AS zoned,
    NOT (SELECT atthasdef OR attidentity <> '' FROM pg_attribute WHERE attrelid = 'celery_taskmeta'::regclass AND attname = 'id') AS sequence,
    NOT EXISTS (SELECT 1 FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
      WHERE c.conrelid = 'tasks_backgroundtask'::regclass AND c.contype = 'f' AND a.attname = 'creator_id') AS creators`);
  return rows[0] ?? { zoned: false, sequence: true, creators: false };
}
