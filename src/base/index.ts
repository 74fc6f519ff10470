export { type BackoffOptions, backoffMs } from './backoff.js';
export { ChurnMap } from './churn-map.js';
export { type Clock, systemClock } from './clock.js';
export { type Deferred, deferred } from './deferred.js';
export { Emitter } from './emitter.js';
export {
  ERROR_CODES,
  type ErrorCode,
  hasCode,
  messageOf,
  ToolboxError,
  type ToolboxErrorOptions,
} from './errors.js';
export { derivedId, newId } from './ids.js';
export { type InlineScope, inlineThread } from './inline-thread.js';
export { Lifecycle } from './lifecycle.js';
export { takeLock } from './lock-file.js';
export { type Logger, silentLogger, TASK_LOGGER } from './logger.js';
export { nearestName } from './nearest-name.js';
export { isSecretKey, MASK, maskUrl, redact } from './redact.js';
export { illegalCall, type Service, type ServiceState, type StopOptions } from './service.js';
export {
  type AnyState,
  EXCEPTION_STATES,
  isReady,
  PROPAGATE_STATES,
  READY_STATES,
  TASK_STATES,
  type TaskState,
} from './task-state.js';
export { Decimal, OpaqueObject, PlainDate, PlainDateTime, PlainTime, TimeDelta, Uuid } from './values.js';
