import type { RegisteredTask, TaskMessage } from '../../app/index.js';
import { hasCode } from '../../base/index.js';
import { Ignore, Reject, Retry } from './control-errors.js';
import type { Outcome } from './outcome.js';
import { automaticRetry } from './retry-plan.js';
import { TaskRevokedError, WorkerShutdown } from './task-errors.js';

/** What must be known of a run to say what it ended in. */
export interface Attempt {
  readonly message: TaskMessage;
  readonly task: RegisteredTask;
  /** Why it was told to end, if it was. */
  readonly abortReason: Error | undefined;
  readonly revoked: 'revoked' | 'terminated' | null;
}

/** Translates what a task threw, once, into what its run ended in. */
export function outcomeOf(thrown: unknown, run: Attempt, random: () => number): Outcome {
  const error = abortedBy(run, thrown) ? run.abortReason : thrown;
  if (error instanceof Retry) return { kind: 'retry', plan: error.plan };
  if (error instanceof Ignore) return { kind: 'ignored' };
  if (error instanceof Reject) return { kind: 'rejected', requeue: error.requeue, reason: error.message };
  if (error instanceof WorkerShutdown) return { kind: 'returned', why: 'shutdown' };
  if (error instanceof TaskRevokedError && run.revoked !== null) return { kind: 'revoked', why: run.revoked };
  if (error === run.abortReason && hasCode(error, 'LEASE_LOST')) return { kind: 'returned', why: 'lost' };
  const next = automaticRetry(run.message, run.task, error, random) ?? error;
  return next instanceof Retry ? { kind: 'retry', plan: next.plan } : { kind: 'failure', error: next };
}

/** True when the task ended because its signal told it to: it threw the reason, or an AbortError in its place. */
function abortedBy(run: Attempt, thrown: unknown): boolean {
  const reason = run.abortReason;
  if (reason === undefined) return false;
  if (thrown === reason) return true;
  return thrown instanceof Error && (thrown.name === 'AbortError' || thrown.cause === reason);
}
