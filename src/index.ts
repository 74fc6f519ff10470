// The app: define tasks, call them, read their results.

export type { Signals } from './app/index.js';
export {
  type CallOptions,
  currentTask,
  type RetryOptions,
  type TaskContext,
  type TaskOptions,
} from './app/index.js';
// Errors, states, and Python's types that JavaScript lacks.
export {
  Decimal,
  ERROR_CODES,
  type ErrorCode,
  hasCode,
  type Logger,
  OpaqueObject,
  PlainDate,
  PlainDateTime,
  PlainTime,
  TASK_STATES,
  type TaskState,
  TimeDelta,
  ToolboxError,
  Uuid,
} from './base/index.js';
// Workflows.
export { chain, chord, group, Signature, signature } from './canvas/index.js';
// Seams, for transports and result backends of your own.
export type { Exchange, Queue, Transport, TransportFactory } from './messaging/index.js';
export type { ResultBackend, ResultBackendFactory } from './results/index.js';
export { AsyncResult, GroupResult } from './results/index.js';
export {
  Celery,
  type CeleryOptions,
  Config,
  type ConfigInput,
  DEFAULT_QUEUES,
  extractFollowups,
  type Logging,
  type LoggingOptions,
  setupApp,
  setupLogging,
  setupSentry,
} from './toolbox/index.js';
// Workers.
export {
  createWorker,
  Ignore,
  MaxRetriesExceededError,
  Reject,
  SoftTimeLimitExceeded,
  TaskRevokedError,
  TimeLimitExceeded,
  type Worker,
  type WorkerOptions,
} from './worker/index.js';
