import pg from 'pg';
import { grantBusSql } from '../../bus/postgres/index.js';
import { createdRole, grantWorkerSql } from '../../results/postgres/index.js';

export interface GrantOptions {
  readonly role: string;
  readonly database: string;
  /** Create the role when it is absent, without a password. Default false. */
  readonly create?: boolean;
}

export interface GrantSyncTasksOptions extends GrantOptions {
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
 * The statements that give a role what `sync-tasks` needs: to record tasks, set messages aside, watch, and fail the tasks of lost
 * workers. They fail before `migrate` has run.
 */
export function grantSyncTasksSql({ retain = false, ...options }: GrantSyncTasksOptions): string {
  const role = pg.escapeIdentifier(options.role);
  return [
    grantWorkerSql(options),
    `GRANT USAGE ON SCHEMA workertoolbox TO ${role};`,
    `GRANT SELECT, INSERT, UPDATE${retain ? ', DELETE' : ''} ON tasks_backgroundtask TO ${role};`,
    ...(retain ? [`GRANT DELETE ON celery_taskmeta TO ${role};`] : []),
    grant('SELECT, INSERT, UPDATE, DELETE', WRITTEN, role),
    grant('SELECT', READ, role),
    grantBusSql(options.role),
  ].join('\n');
}

/** The statements that let a role see tasks, results and figures, and change nothing. They fail before `migrate` has run. */
export function grantViewerSql({ role: name, database, create = false }: GrantOptions): string {
  const role = pg.escapeIdentifier(name);
  return [
    ...(create ? [createdRole(name)] : []),
    `GRANT CONNECT ON DATABASE ${pg.escapeIdentifier(database)} TO ${role};`,
    `GRANT USAGE ON SCHEMA public, workertoolbox TO ${role};`,
    `GRANT SELECT ON tasks_backgroundtask, celery_taskmeta TO ${role};`,
    grant('SELECT', [...READ, ...SHOWN], role),
    `ALTER ROLE ${role} SET default_transaction_read_only TO on;`,
    `ALTER ROLE ${role} SET timezone TO 'UTC';`,
  ].join('\n');
}
