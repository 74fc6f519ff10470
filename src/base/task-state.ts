/** States as Celery names them (celery/states.py). Any other string is a custom state. */
export const TASK_STATES = [
  'PENDING',
  'RECEIVED',
  'STARTED',
  'SUCCESS',
  'FAILURE',
  'REVOKED',
  'RETRY',
  'REJECTED',
  'IGNORED',
] as const;

export type TaskState = (typeof TASK_STATES)[number];

/** A known state, or a custom one set by a task. */
export type AnyState = TaskState | (string & {});

export const READY_STATES: ReadonlySet<AnyState> = new Set<AnyState>(['SUCCESS', 'FAILURE', 'REVOKED']);
export const EXCEPTION_STATES: ReadonlySet<AnyState> = new Set<AnyState>(['FAILURE', 'REVOKED', 'RETRY']);
export const PROPAGATE_STATES: ReadonlySet<AnyState> = new Set<AnyState>(['FAILURE', 'REVOKED']);

/** True when no further state follows: SUCCESS, FAILURE or REVOKED. */
export const isReady = (state: AnyState): boolean => READY_STATES.has(state);
