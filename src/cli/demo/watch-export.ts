import { type Clock, isReady, ToolboxError } from '../../base/index.js';
import type { Family, Ledger } from '../../platform/index.js';
import type { ResultBackend, TaskMeta } from '../../results/index.js';
import type { Labels } from './labels.js';
import type { Progress, ProgressLines } from './progress-lines.js';

export interface Watched {
  readonly rootId: string;
  readonly ledger: Ledger;
  readonly backend: ResultBackend;
  readonly labels: Labels;
  readonly lines: ProgressLines;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Milliseconds between two looks. Default 150. */
  readonly everyMs?: number;
}

/**
 * Shows a family until its result is there or one of it failed; resolves with the family as it then stands.
 *
 * @throws RESULT_TIMEOUT when the signal was a deadline, else the signal's reason.
 */
export async function watchExport(watched: Watched): Promise<Family> {
  const { rootId, ledger, backend, labels, lines, signal, clock, everyMs = 150 } = watched;
  for (;;) {
    const family = await ledger.family(rootId);
    const members = family?.members ?? [];
    await labels.learn(members);
    const metas = await backend.get(members.map(({ taskId }) => taskId));
    lines.update(
      members.map((member, index) => ({
        taskId: member.taskId,
        label: labels.of(member),
        status: metas[index]?.status ?? member.status,
        progress: progressOf(metas[index]),
      })),
    );
    const over =
      family?.status === 'FAILURE' || members.some(({ isResult, status }) => isResult && isReady(status));
    if (family !== undefined && over && members.every(({ status }) => isReady(status))) return family;
    await clock.sleep(everyMs, signal).catch((reason: unknown) => {
      throw tooLate(reason) ? stuck(family?.status) : reason;
    });
  }
}

/** What a task said of its progress in its state: `{ done, total }`. */
function progressOf(meta: TaskMeta | undefined): Progress | undefined {
  if (meta?.status !== 'PROGRESS') return undefined;
  const { done, total } = (meta.result ?? {}) as Partial<Record<keyof Progress, unknown>>;
  return typeof done === 'number' && typeof total === 'number' ? { done, total } : undefined;
}

const tooLate = (reason: unknown): boolean =>
  reason instanceof DOMException && reason.name === 'TimeoutError';

const stuck = (status = 'nothing recorded'): ToolboxError =>
  new ToolboxError('RESULT_TIMEOUT', `the export did not end in time; its family stands at ${status}`);
