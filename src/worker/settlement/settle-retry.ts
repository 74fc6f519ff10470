import { failureFrom } from '../../results/index.js';
import { Retry, type RetryPlan } from '../execution/control-errors.js';
import type { Settled } from '../execution/outcome.js';
import type { Run } from '../runs/run.js';
import { recordOf, tracebackOf } from './records.js';
import { retryCall } from './retry-call.js';
import type { SettleDeps } from './settle-deps.js';

/**
 * The row, then the next attempt's message, then (by the caller) the acknowledgement: whenever this worker dies in
 * between, the attempt runs again; it is never lost.
 */
export async function settleRetry(run: Run, plan: RetryPlan, deps: SettleDeps): Promise<Settled> {
  const { task, id } = run.message;
  const error = plan.error ?? new Retry(plan);
  const traceback = tracebackOf(error);
  if (!run.ignoreResult) {
    const record = recordOf(run, deps.source, 'RETRY', failureFrom(error), traceback);
    if (!(await deps.results.store(record, run))) return { instead: { kind: 'returned', why: 'unstored' } };
  }
  try {
    const call = retryCall(run, plan);
    if (!(await deps.publisher.publish(() => deps.send(call, run), run))) {
      return { instead: { kind: 'returned', why: 'unstored' } };
    }
  } catch (cause) {
    return { instead: { kind: 'failure', error: cause } };
  }
  deps.logger.info({ task, id, retries: run.message.retries, ...when(plan) }, 'task is to be retried');
  if (deps.signals.has('task_retry')) {
    await deps.signals.send('task_retry', { task, id, request: run.request, error, traceback });
  }
  return { message: 'ack', state: 'RETRY', retval: error };
}

const when = ({ countdown, eta }: RetryPlan): object =>
  eta === null ? { countdown } : { eta: eta.toISOString() };
