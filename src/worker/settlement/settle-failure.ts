import { messageOf } from '../../base/index.js';
import { taskIdsOf } from '../../canvas/index.js';
import { failureFrom, type ResultRecord, type StoredFailure } from '../../results/index.js';
import type { Outcome, Settled } from '../execution/outcome.js';
import type { Run } from '../runs/run.js';
import { countChordPart, countUnsentParts } from './chord-part.js';
import { recordOf, tracebackOf } from './records.js';
import type { SettleDeps } from './settle-deps.js';

type Failure = Extract<Outcome, { kind: 'failure' }>;

/** The row, and those of the chain's later elements; then the chord part; then the errbacks. */
export async function settleFailure(run: Run, outcome: Failure, deps: SettleDeps): Promise<Settled> {
  const { error } = outcome;
  const { task, id } = run.message;
  const traceback = tracebackOf(error);
  deps.logger.error({ task, id, err: error }, 'task failed');
  const failure = failureFrom(error);
  if (!run.ignoreResult || run.policy.storeErrors) {
    const records = failureRecords(run, failure, traceback, deps);
    const stored = await Promise.all(records.map((record) => deps.results.store(record, run)));
    if (stored.includes(false)) return { instead: { kind: 'returned', why: 'unstored' } };
  }
  const counted =
    (await countChordPart(run, 'FAILURE', failure, deps)) &&
    (await countUnsentParts(run, run.followup('chain') ?? [], failure, deps));
  if (!counted) return { instead: { kind: 'returned', why: 'unstored' } };
  try {
    if (!(await deps.followups.onFailure(run, error, traceback)))
      return { instead: { kind: 'returned', why: 'unstored' } };
  } catch (cause) {
    deps.logger.error({ task, id, error: messageOf(cause) }, 'errbacks could not be sent');
  }
  if (deps.signals.has('task_failure')) {
    await deps.signals.send('task_failure', { task, id, request: run.request, error, traceback });
  }
  const ack = outcome.timedOut === true ? run.policy.acksOnTimeout : run.policy.acksOnFailure;
  const message = ack ? 'ack' : outcome.timedOut === true ? 'release' : 'reject';
  return { message, state: 'FAILURE', retval: error };
}

function failureRecords(
  run: Run,
  failure: StoredFailure,
  traceback: string | null,
  { source }: SettleDeps,
): readonly ResultRecord[] {
  const own = recordOf(run, source, 'FAILURE', failure, traceback);
  const chain = run.followup('chain');
  if (chain === null || chain.length === 0) return [own];
  const later = [...new Set(chain.flatMap(taskIdsOf))];
  return [
    own,
    ...later.map((taskId) => ({
      taskId,
      status: 'FAILURE' as const,
      result: failure,
      traceback,
      replyTo: run.message.replyTo,
    })),
  ];
}
