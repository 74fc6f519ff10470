import { messageOf } from '../../base/index.js';
import type { Outcome, Settled } from '../execution/outcome.js';
import { WorkerLostError } from '../execution/task-errors.js';
import { crashesOf, withCrashes } from '../runs/crashes.js';
import type { Run } from '../runs/run.js';
import type { SettleDeps } from './settle-deps.js';

type Crashed = Extract<Outcome, { kind: 'crashed' }>;

/**
 * Its process or thread ended under it (protocol section 7.2): counted as a retry where the task says so; else back to its
 * queue, if the message is still there and the task may be run again, up to `maxDeliveries`; else a failure.
 */
export async function settleCrashed(run: Run, { error }: Crashed, deps: SettleDeps): Promise<Settled> {
  const { task, policy, message } = run;
  const { maxRetries = 3 } = task.options;
  if (policy.retryOnWorkerLost) {
    if (maxRetries !== null && message.retries >= maxRetries) return failed(error);
    const countdown = task.options.defaultRetryDelay ?? 180;
    return { instead: { kind: 'retry', plan: { countdown, eta: null, error, counted: true } } };
  }
  if (run.acked || !policy.rejectOnWorkerLost) return failed(error);
  const crashes = crashesOf(run.lease) + 1;
  const deliveries = Math.max(crashes, run.lease.info.deliveryCount ?? 0);
  if (deliveries >= deps.maxDeliveries) return givenUp(run, deliveries, error, deps);
  return again(run, crashes, error, deps);
}

const failed = (error: unknown): Settled => ({ instead: { kind: 'failure', error } });

/** It ended whatever ran it, again and again: kept for people to look at, and out of the way of others. */
async function givenUp(run: Run, times: number, error: Error, { keep }: SettleDeps): Promise<Settled> {
  const last = new WorkerLostError(`${error.message} Delivered ${times} times without being finished.`);
  return (await keep(run.lease, last.message))
    ? failed(last)
    : { instead: { kind: 'returned', why: 'unstored' } };
}

/**
 * A broker that counts deliveries takes the message back. Elsewhere a copy that carries the count takes its place, at the
 * end of the queue: published first, so that the task may run twice, but is never lost.
 */
async function again(run: Run, crashes: number, error: Error, deps: SettleDeps): Promise<Settled> {
  const { lease, id } = run;
  const { logger, publisher, signals } = deps;
  const { task } = run.message;
  const counted = lease.info.deliveryCount !== undefined;
  try {
    if (
      !counted &&
      !(await publisher.publish(() => deps.requeue(withCrashes(lease, crashes), lease.info.queue), run))
    )
      return { instead: { kind: 'returned', why: 'unstored' } };
  } catch (cause) {
    logger.error({ task, id, error: messageOf(cause) }, 'not put back with its count: it goes back without');
    return { message: 'release', state: 'REJECTED', retval: error };
  }
  logger.warn({ task, id, crashes, error: error.message }, 'task goes back to its queue');
  await signals.send('task_rejected', { reason: error.message, id, queue: lease.info.queue });
  return { message: counted ? 'release' : 'ack', state: 'REJECTED', retval: error };
}
