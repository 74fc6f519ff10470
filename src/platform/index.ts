export {
  ACTION_PARAMETERS,
  Actions,
  type ActionsOptions,
  type Actor,
  mayDo,
  type ObeyPlatformOptions,
  obeyPlatform,
  type ParametersOf,
} from './actions/index.js';
export { type AuditPage, type AuditQuery, auditPage, auditQuery, listAudit } from './audit/index.js';
export { migrate, migrationsSql } from './migrations/migrate.js';
export { MIGRATIONS, type Migration } from './migrations/migrations.js';
export * from './monitoring/index.js';
export {
  type CreateRelayOptions,
  createRelay,
  type Outbox,
  type OutboxClient,
  outbox,
  type Relay,
} from './outbox/index.js';
export {
  droppedFromQuarantine,
  grantPlatformSql,
  listQuarantine,
  postgresQuarantine,
  type QuarantineQuery,
  quarantineQuery,
  showQuarantine,
} from './quarantine/index.js';
export {
  countTasks,
  type DefinitionOf,
  exportTasks,
  familyView,
  listTasks,
  type QuestionOptions,
  type TaskDetailOptions,
  type Thresholds,
  taskDetail,
  typeDetail,
  typeViews,
} from './queries/index.js';
export {
  type CreateReconcilerOptions,
  createReconciler,
} from './reconciler/create-reconciler.js';
export { gapCounts } from './reconciler/gap-watch.js';
export type { Gaps } from './reconciler/gaps.js';
export type { BegunTask, Verdict } from './reconciler/lost-tasks.js';
export type { Reconciler } from './reconciler/reconciler.js';
export {
  type CreateRetentionOptions,
  createRetention,
  type Due,
  type ForgetTasksOptions,
  type Forgotten,
  forgetTasks,
  type Retention,
} from './retention/index.js';
export {
  type GrantSyncTasksOptions,
  grantSyncTasksSql,
  grantViewerSql,
} from './roles/index.js';
export { DEFAULT_FAMILIES, type SeedOptions, seedTasks } from './seed/index.js';
export type { Database } from './store/database.js';
export { type PostgresDatabaseOptions, postgresDatabase } from './store/postgres-database.js';
export { type CreateSyncTasksOptions, createSyncTasks } from './sync-tasks/create-sync-tasks.js';
export type { Recorded } from './sync-tasks/recorder.js';
export { SyncTasks, type SyncTasksOptions } from './sync-tasks/sync-tasks.js';
export { criticalPath, type PathMember } from './tracking/critical-path.js';
export { type Family, type FamilyMember, findFamily, overall } from './tracking/family.js';
export { Ledger, type LedgerOptions, type OverallResult } from './tracking/ledger.js';
export { overallStatus } from './tracking/overall-status.js';
export * from './views/index.js';
// The schemas under one roof as well: some questions have the name of what they answer with.
export * as views from './views/index.js';
