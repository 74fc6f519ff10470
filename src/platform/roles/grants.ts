import pg from 'pg';

export interface GrantSyncTasksOptions {
  readonly role: string;
  /** Also what removing old tasks and results needs. Default false. */
  readonly retain?: boolean;
}

/** Tables that sync-tasks and what runs beside it (monitor, reconciler) write. */
const WRITTEN = [
  'quarantine',
  'quarantine_dropped',
  'worker',
  'queue_sample',
  'task_rate',
  'task_mark',
  'task_message',
  'outbox',
  'attempt',
];
const READ = ['task_state', 'family_state', 'paused_queue', 'revoked_task', 'beat_entry'];
/** What a viewer sees besides: nothing that holds passwords, keys, or messages as they came. */
const SHOWN = [
  'quarantine',
  'worker',
  'queue_sample',
  'task_rate',
  'task_mark',
  'attempt',
  'audit',
  'bulk',
  'bulk_item',
];

const grant = (rights: string, tables: readonly string[], role: string): string =>
  `GRANT ${rights} ON ${tables.map((table) => `workertoolbox.${table}`).join(', ')} TO ${role};`;

/**
 * The statements that give a role what `sync-tasks` needs besides what a worker's has: to record tasks, set messages aside and watch.
 * They fail before `migrate` has run.
 */
export function grantSyncTasksSql({ role: name, retain = false }: GrantSyncTasksOptions): string {
  const role = pg.escapeIdentifier(name);
  return [
    `GRANT USAGE ON SCHEMA workertoolbox TO ${role};`,
    `GRANT SELECT, INSERT, UPDATE${retain ? ', DELETE' : ''} ON tasks_backgroundtask TO ${role};`,
    ...(retain ? [`GRANT DELETE ON celery_taskmeta, workertoolbox.task_state TO ${role};`] : []),
    grant('SELECT, INSERT, UPDATE, DELETE', WRITTEN, role),
    grant('SELECT', READ, role),
  ].join('\n');
}

/** The statements that let a role see tasks, results and figures, and change nothing. They fail before `migrate` has run. */
export function grantViewerSql(name: string, database: string): string {
  const role = pg.escapeIdentifier(name);
  return [
    `GRANT CONNECT ON DATABASE ${pg.escapeIdentifier(database)} TO ${role};`,
    `GRANT USAGE ON SCHEMA public, workertoolbox TO ${role};`,
    `GRANT SELECT ON tasks_backgroundtask, celery_taskmeta TO ${role};`,
    grant('SELECT', [...READ, ...SHOWN], role),
    `ALTER ROLE ${role} SET default_transaction_read_only TO on;`,
    `ALTER ROLE ${role} SET timezone TO 'UTC';`,
  ].join('\n');
}
