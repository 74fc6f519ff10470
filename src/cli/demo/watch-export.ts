import { isReady, ToolboxError } from '../../base/index.js';
import type { Family, FamilyMember, Ledger } from '../../platform/index.js';
import type { ResultBackend, TaskMeta } from '../../results/index.js';
import type { ProgressLines, Shown } from './progress-lines.js';

export interface Watched {
  readonly rootId: string;
  readonly ledger: Ledger;
  readonly backend: ResultBackend;
  readonly lines: ProgressLines;
  readonly signal: AbortSignal;
  /** Milliseconds between two looks. */
  readonly everyMs?: number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Shows a family until its result is there or one of it failed; resolves with the family as it then stands. */
export async function watchExport(watched: Watched): Promise<Family> {
  const { rootId, ledger, backend, lines, signal, pause, everyMs = 150 } = watched;
  for (;;) {
    const family = await ledger.family(rootId);
    const members = family?.members ?? [];
    const metas = await backend.get(members.map(({ taskId }) => taskId));
    lines.update(members.map((member, index) => shownOf(member, metas[index])));
    const ended =
      members.some(({ isResult, status }) => isResult && isReady(status)) || family?.status === 'FAILURE';
    if (family !== undefined && ended && members.every(({ status }) => isReady(status))) return family;
    await pause(everyMs, signal).catch(() => {
      throw new ToolboxError(
        'RESULT_TIMEOUT',
        `the export did not end in time; its family stands at ${family?.status ?? 'nothing recorded'}`,
      );
    });
  }
}

function shownOf(member: FamilyMember, meta: TaskMeta | undefined): Shown {
  const result = meta?.result as { done?: unknown; total?: unknown } | null | undefined;
  const known =
    meta?.status === 'PROGRESS' && typeof result?.done === 'number' && typeof result.total === 'number';
  return {
    taskId: member.taskId,
    type: member.type,
    label: member.type,
    status: meta?.status ?? member.status,
    progress: known ? { done: Number(result?.done), total: Number(result?.total) } : undefined,
  };
}
