export type { ChordPart, EndedChordPart } from './chord-part.js';
export { Ignore, Reject } from './control-errors.js';
export { createWorker } from './create-worker.js';
export type { ExtensionContext, WorkerExtension } from './extension.js';
export type { Outcome } from './outcome.js';
export type { Pool, PoolJob } from './pool.js';
export {
  type Quarantine,
  type QuarantineCode,
  type QuarantinedMessage,
  quarantineCodeOf,
  quarantined,
} from './quarantine.js';
export type { RequestInfo } from './request-info.js';
export type { WorkerCounts } from './stats.js';
export type { StepUp } from './steps.js';
export {
  MaxRetriesExceededError,
  SoftTimeLimitExceeded,
  TaskRevokedError,
  TimeLimitExceeded,
  WorkerShutdown,
} from './task-errors.js';
export type { Worker } from './worker.js';
export type { WorkerInfo } from './worker-info.js';
export type { WorkerOptions } from './worker-options.js';
