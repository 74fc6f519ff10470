import type { Database } from './database.js';

/** What of the tables there is, and may be read: our own, the Django platform's, an older Celery's, or a part of them. */
export interface StoreShape {
  readonly results: boolean;
  /** `date_done` has a time zone (Django). */
  readonly zoned: boolean;
  /** Of the result table: six, or Celery's extended ones besides. */
  readonly resultColumns: ReadonlySet<string>;
  /** `workertoolbox.task_state`, kept up to date by triggers on both tables. */
  readonly states: boolean;
  readonly attempts: boolean;
  readonly quarantine: boolean;
  /** What the reconciler found out. */
  readonly marks: boolean;
}

/** Milliseconds after which the catalogue is asked again: somebody may have migrated. */
const KNOWN_FOR_MS = 30_000;

interface Known {
  readonly until: number;
  readonly shape: Promise<StoreShape>;
}

const known = new WeakMap<Database, Known>();

/** Looks at the tables, at most every half a minute for one database. */
export function storeShape(database: Database): Promise<StoreShape> {
  const now = performance.now();
  const found = known.get(database);
  if (found !== undefined && found.until > now) return found.shape;
  const shape = look(database);
  known.set(database, { until: now + KNOWN_FOR_MS, shape });
  shape.catch(() => known.delete(database));
  return shape;
}

const READABLE = (table: string): string =>
  `COALESCE((SELECT has_schema_privilege(relnamespace, 'USAGE') AND has_table_privilege(oid, 'SELECT')
    FROM pg_class WHERE oid = to_regclass('${table}')), false)`;

const LOOK = `SELECT ${READABLE('celery_taskmeta')} AS results, ${READABLE('workertoolbox.attempt')} AS attempts,
  ${READABLE('workertoolbox.quarantine')} AS quarantine, ${READABLE('workertoolbox.task_mark')} AS marks,
  ${READABLE('workertoolbox.task_state')} AND (SELECT count(DISTINCT tgrelid) = 2 FROM pg_trigger WHERE tgname = 'workertoolbox_state_insert'
    AND tgenabled IN ('O', 'A') AND tgrelid IN (to_regclass('tasks_backgroundtask'), to_regclass('celery_taskmeta'))) AS states,
  (SELECT jsonb_object_agg(attname, typname) FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
    WHERE attrelid = to_regclass('celery_taskmeta') AND attnum > 0 AND NOT attisdropped) AS columns`;

async function look(database: Database): Promise<StoreShape> {
  const [row] = await database.query<{
    results: boolean;
    attempts: boolean;
    quarantine: boolean;
    marks: boolean;
    states: boolean;
    columns: Record<string, string> | null;
  }>({ text: LOOK });
  const columns = row?.columns ?? {};
  return {
    results: row?.results === true,
    zoned: columns.date_done === 'timestamptz',
    resultColumns: new Set(Object.keys(columns)),
    states: row?.states === true,
    attempts: row?.attempts === true,
    quarantine: row?.quarantine === true,
    marks: row?.marks === true,
  };
}
