export type { Command } from './control/command.js';
export { COMMANDS } from './control/commands.js';
export { createWorker } from './create-worker.js';
export { eagerTransport } from './eager/eager-transport.js';
export { type RunMessageOptions, runMessage } from './eager/run-message.js';
export { Ignore, Reject } from './execution/control-errors.js';
export { Histogram, type HistogramData } from './execution/histogram.js';
export type { Outcome } from './execution/outcome.js';
export { isRetriedOn } from './execution/retry-plan.js';
export type { WorkerCounts } from './execution/stats.js';
export {
  MaxRetriesExceededError,
  SoftTimeLimitExceeded,
  TaskRevokedError,
  TimeLimitExceeded,
  WorkerLostError,
  WorkerShutdown,
} from './execution/task-errors.js';
export type { TaskStats } from './execution/task-stats.js';
export type { ExtensionContext, WorkerExtension } from './extension.js';
export {
  type Quarantine,
  type QuarantineCode,
  type QuarantinedMessage,
  quarantineCodeOf,
  quarantined,
} from './intake/quarantine.js';
export type { StepUp } from './lifecycle/steps.js';
export type { AppModule } from './pools/app-source.js';
export { asyncPool } from './pools/async-pool.js';
export type { AutoscaleRange } from './pools/autoscaler.js';
export type { Pool, PoolContext, PoolJob } from './pools/pool.js';
export type { PoolName } from './pools/pool-names.js';
export type { RevokeOptions } from './revoking/revoker.js';
export type { StampedHeaders } from './revoking/revokes.js';
export type { RequestInfo } from './runs/request-info.js';
export type { ChordPart, EndedChordPart } from './settlement/chord-part.js';
export type { Worker } from './worker.js';
export type { WorkerInfo } from './worker-info.js';
export type { WorkerOptions } from './worker-options.js';
