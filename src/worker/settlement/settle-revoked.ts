import { failureFrom } from '../../results/index.js';
import type { Outcome, Settled } from '../execution/outcome.js';
import { TaskRevokedError } from '../execution/task-errors.js';
import type { Run } from '../runs/run.js';
import { countChordPart } from './chord-part.js';
import { recordOf } from './records.js';
import type { SettleDeps } from './settle-deps.js';

type Revoked = Extract<Outcome, { kind: 'revoked' }>;

/** REVOKED, without traceback, callbacks or errbacks. */
export async function settleRevoked(run: Run, outcome: Revoked, deps: SettleDeps): Promise<Settled> {
  const { task, id } = run.message;
  const { why } = outcome;
  const error = new TaskRevokedError(why === 'duplicate' ? `duplicate of ${outcome.first}` : why);
  const failure = failureFrom(error);
  if (!run.ignoreResult || run.policy.storeErrors) {
    const record = recordOf(run, deps.source, 'REVOKED', failure, null);
    if (!(await deps.results.store(record, run))) return { instead: { kind: 'returned', why: 'unstored' } };
  }
  if (!(await countChordPart(run, 'REVOKED', failure, deps)))
    return { instead: { kind: 'returned', why: 'unstored' } };
  deps.logger.info({ task, id, why }, 'task discarded');
  await deps.signals.send('task_revoked', {
    task,
    id,
    request: run.request,
    expired: why === 'expired',
    terminated: why === 'terminated',
  });
  return { message: 'ack', state: 'REVOKED', retval: error };
}
