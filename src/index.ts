// biome-ignore-all assist/source/organizeImports: grouped by what a reader looks for

// The app: define tasks, call them, read their results.
export {
  type CallOptions,
  currentTask,
  type RetryOptions,
  type SecurityOptions,
  type TaskContext,
  type TaskOptions,
} from './app/index.js';
export {
  Celery,
  type CeleryOptions,
  Config,
  type ConfigInput,
  DEFAULT_QUEUES,
  setupApp,
} from './toolbox/index.js';
export { AsyncResult, collect, GroupResult } from './results/index.js';

// Workflows.
export { chain, chord, group, Signature, type StampingVisitor, signature } from './canvas/index.js';
export { extractFollowups } from './toolbox/index.js';

// Workers.
export { createWorker, Ignore, Reject, type Worker, type WorkerOptions } from './worker/index.js';
export {
  type Logging,
  type LoggingOptions,
  setupLogging,
  setupSentry,
  setupTracing,
  workerMonitoring,
} from './toolbox/index.js';
export type { Signals } from './app/index.js';

// Commands to workers, and what they tell.
export {
  type Control,
  type ControlOptions,
  createControl,
  type ReceivedEvent,
  receiveEvents,
} from './remote/index.js';

// Why a task's signal was aborted, and what ends a task.
export {
  MaxRetriesExceededError,
  SoftTimeLimitExceeded,
  TaskRevokedError,
  TimeLimitExceeded,
  WorkerShutdown,
} from './worker/index.js';

// Schedules.
export {
  type BeatEntry,
  type BeatSchedule,
  clocked,
  crontab,
  type EntryStore,
  every,
  openEntryStore,
  type Schedule,
  solar,
} from './beat/index.js';

// Errors, states, and Python's types that JavaScript lacks.
export { ERROR_CODES, type ErrorCode, hasCode, ToolboxError } from './base/index.js';
export { type Logger, TASK_STATES, type TaskState } from './base/index.js';
export { Decimal, OpaqueObject, PlainDate, PlainDateTime, PlainTime, TimeDelta, Uuid } from './base/index.js';

// Seams, for transports and result backends of your own.
export { broadcastQueue } from './messaging/index.js';
export type { Exchange, Queue, Transport, TransportFactory } from './messaging/index.js';
export type { ResultBackend, ResultBackendFactory } from './results/index.js';
