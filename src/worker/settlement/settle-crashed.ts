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
 * It was begun before and was not finished: perhaps it ended its whole worker. It is not run as it is, since nobody could
 * say the next time how often that has been: a copy that carries the count takes its place, as for one that ended its child.
 */
export async function settleUncounted(run: Run, deps: SettleDeps): Promise<Settled> {
  // Until it was begun a second time nobody counted.
  const times = Math.max(1, crashesOf(run.lease)) + 1;
  if (times >= deps.maxDeliveries) {
    return givenUp(run, times, new WorkerLostError('The task ends the workers that run it.'), deps);
  }
  const { task, id } = run.message;
  if (!(await putBack(run, times, deps))) return { instead: { kind: 'returned', why: 'unstored' } };
  deps.logger.info({ task, id, times }, 'delivered before: put back with its count');
  return { message: 'ack', state: 'RETURNED', retval: null };
}

/** A broker that counts deliveries takes the message back; elsewhere a copy that carries the count takes its place. */
async function again(run: Run, crashes: number, error: Error, deps: SettleDeps): Promise<Settled> {
  const { lease, id } = run;
  const { logger, signals } = deps;
  const { task } = run.message;
  const counted = lease.info.deliveryCount !== undefined;
  try {
    if (!counted && !(await putBack(run, crashes, deps)))
      return { instead: { kind: 'returned', why: 'unstored' } };
  } catch (cause) {
    logger.error({ task, id, error: messageOf(cause) }, 'not put back with its count: it goes back without');
    return { message: 'release', state: 'REJECTED', retval: error };
  }
  logger.warn({ task, id, crashes, error: error.message }, 'task goes back to its queue');
  await signals.send('task_rejected', { reason: error.message, id, queue: lease.info.queue });
  return { message: counted ? 'release' : 'ack', state: 'REJECTED', retval: error };
}

/** A copy at the end of the queue, published before the original is acknowledged: the task may run twice, but is never lost. */
const putBack = (run: Run, crashes: number, { publisher, requeue }: SettleDeps): Promise<boolean> =>
  publisher.publish(() => requeue(withCrashes(run.lease, crashes), run.lease.info.queue), run);
