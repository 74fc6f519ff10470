import { Reject } from '../execution/control-errors.js';
import type { Disposal, Outcome, Settled } from '../execution/outcome.js';
import { WorkerLostError } from '../execution/task-errors.js';
import type { Run } from '../runs/run.js';
import { countChordPart } from './chord-part.js';
import { settleCrashed, settleUncounted } from './settle-crashed.js';
import type { SettleDeps } from './settle-deps.js';
import { settleFailure } from './settle-failure.js';
import { settleRetry } from './settle-retry.js';
import { settleRevoked } from './settle-revoked.js';
import { settleSuccess } from './settle-success.js';

/** How a run ended after all, and what becomes of its message. */
export interface Final {
  readonly outcome: Outcome;
  readonly disposal: Disposal;
}

/** Everything that follows from an outcome, up to what is to become of the message. A promise only where there is something to wait for. */
export function settle(run: Run, outcome: Outcome, deps: SettleDeps): Final | Promise<Final> {
  const settled = once(run, outcome, deps);
  return settled instanceof Promise
    ? settled.then((later) => finalOf(run, outcome, later, deps))
    : finalOf(run, outcome, settled, deps);
}

const finalOf = (run: Run, outcome: Outcome, settled: Settled, deps: SettleDeps): Final | Promise<Final> =>
  'instead' in settled ? settle(run, settled.instead, deps) : { outcome, disposal: settled };

function once(run: Run, outcome: Outcome, deps: SettleDeps): Settled | Promise<Settled> {
  switch (outcome.kind) {
    case 'success':
      return settleSuccess(run, outcome.value, deps);
    case 'failure':
      return settleFailure(run, outcome, deps);
    case 'retry':
      return settleRetry(run, outcome.plan, deps);
    case 'revoked':
      return settleRevoked(run, outcome, deps);
    case 'crashed':
      return settleCrashed(run, outcome, deps);
    case 'ignored':
      return { message: 'ack', state: 'IGNORED', retval: null };
    case 'rejected':
      return settleRejected(run, outcome, deps);
    case 'uncounted':
      return settleUncounted(run, deps);
    case 'repeated':
      return settleRepeated(run, deps);
    case 'postponed':
      return { message: 'release', state: 'RETURNED', retval: null, delaySeconds: outcome.delaySeconds };
    case 'returned':
      return settleReturned(run, outcome.why);
  }
}

/** What is not to be run again is on record as failed, as Celery 5.7 does it. */
async function settleRejected(
  run: Run,
  { requeue, reason }: Extract<Outcome, { kind: 'rejected' }>,
  deps: SettleDeps,
): Promise<Settled> {
  if (!requeue) {
    const failed = await settleFailure(run, { kind: 'failure', error: new Reject(reason) }, deps);
    if ('instead' in failed) return failed;
  }
  await deps.signals.send('task_rejected', {
    reason,
    id: run.id,
    queue: run.lease.info.queue,
  });
  return { message: requeue ? 'release' : 'reject', state: 'REJECTED', retval: null };
}

/**
 * Its row says SUCCESS already, and callbacks are sent before that row is written: only the chord part, which comes
 * after it, may be missing.
 */
async function settleRepeated(run: Run, deps: SettleDeps): Promise<Settled> {
  const meta = run.followup('chord') === null ? undefined : await deps.results.read(run.id, run);
  if (!(await countChordPart(run, 'SUCCESS', meta?.result ?? null, deps)))
    return { instead: { kind: 'returned', why: 'unstored' } };
  return { message: 'ack', state: 'SUCCESS', retval: null };
}

function settleReturned(run: Run, why: Extract<Outcome, { kind: 'returned' }>['why']): Settled {
  // Acknowledged before it ran: nobody else will run it, so its end must be on record.
  if (run.acked && why === 'shutdown') {
    const error = new WorkerLostError('The worker was stopped before the task had ended.');
    return { instead: { kind: 'failure', error } };
  }
  if (why === 'lost') return { message: 'none', state: 'RETURNED', retval: null };
  // Others shall have at once what was not begun here. What could not be stored may wait.
  return {
    message: 'release',
    state: 'RETURNED',
    retval: null,
    ...(why === 'shutdown' ? { delaySeconds: 0 } : {}),
  };
}
