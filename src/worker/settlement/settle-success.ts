import { hasCode } from '../../base/index.js';
import type { Settled } from '../execution/outcome.js';
import { EncodeError } from '../execution/task-errors.js';
import type { Run } from '../runs/run.js';
import { countChordPart } from './chord-part.js';
import { recordOf } from './records.js';
import type { SettleDeps } from './settle-deps.js';

/** Callbacks and chain, then the row, then the chord part (protocol section 7.3). */
export function settleSuccess(run: Run, value: unknown, deps: SettleDeps): Settled | Promise<Settled> {
  const leadsOn = hasFollowups(run) || run.followup('chord') !== null || deps.signals.has('task_success');
  return !keeps(run, deps) && !leadsOn ? done(run, value, deps) : settleInTurn(run, value, deps);
}

function done(run: Run, value: unknown, { clock, logger }: SettleDeps): Settled {
  const { task, id } = run.message;
  logger.info({ task, id, runtime: (clock.monotonic() - run.beganAt) / 1000 }, 'task succeeded');
  return { message: 'ack', state: 'SUCCESS', retval: value };
}

async function settleInTurn(run: Run, value: unknown, deps: SettleDeps): Promise<Settled> {
  try {
    if (hasFollowups(run) && !(await deps.followups.onSuccess(run, value))) {
      return { instead: { kind: 'returned', why: 'unstored' } };
    }
    if (keeps(run, deps)) {
      const record = recordOf(run, deps.source, 'SUCCESS', value, null);
      const stored = await deps.results.store(
        run.children.length === 0 ? record : { ...record, children: run.children },
        run,
      );
      if (!stored) return { instead: { kind: 'returned', why: 'unstored' } };
    }
    if (!(await countChordPart(run, 'SUCCESS', value, deps)))
      return { instead: { kind: 'returned', why: 'unstored' } };
  } catch (error) {
    return { instead: { kind: 'failure', error: notWritable(error) } };
  }
  if (deps.signals.has('task_success')) {
    const { task, id } = run.message;
    await deps.signals.send('task_success', { task, id, request: run.request, result: value });
  }
  return done(run, value, deps);
}

const keeps = (run: Run, { results }: SettleDeps): boolean => !run.ignoreResult && results.stores;

function hasFollowups(run: Run): boolean {
  return (run.followup('callbacks')?.length ?? 0) > 0 || (run.followup('chain')?.length ?? 0) > 0;
}

const notWritable = (error: unknown): unknown =>
  hasCode(error, 'ENCODE_FAILED') || hasCode(error, 'BUDGET_EXCEEDED')
    ? new EncodeError(error.message, { cause: error })
    : error;
