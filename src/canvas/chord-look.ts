import type { SignatureData } from '../app/index.js';
import { isReady } from '../base/index.js';
import type { ResultBackend, TaskMeta } from '../results/index.js';
import { leafIds, type ResultNode } from './result-node.js';
import { taskIdsOf } from './task-ids.js';

/** What the rows say of a chord. */
export interface ChordLook {
  readonly nodes: readonly ResultNode[];
  readonly metas: ReadonlyMap<string, TaskMeta>;
  /** Its body has been sent already. */
  readonly begun: boolean;
  /** Parts that have not ended. */
  readonly open: readonly string[];
}

/** Reads the results of a chord's header and body. */
export async function lookAtChord(
  backend: ResultBackend,
  nodes: readonly ResultNode[],
  body: SignatureData,
): Promise<ChordLook> {
  const ids = nodes.flatMap(leafIds);
  const bodyIds = taskIdsOf(body);
  const metas = new Map((await backend.get([...ids, ...bodyIds])).map((meta) => [meta.taskId, meta]));
  const stateOf = (id: string): string => metas.get(id)?.status ?? 'PENDING';
  const replaced = Boolean(body.options['replaced_task_nesting']);
  return {
    nodes,
    metas,
    begun: bodyIds.some((id) => hasBegun(stateOf(id), replaced)),
    open: ids.filter((id) => !isReady(stateOf(id))),
  };
}

/** Under a replaced task's id, STARTED may be what that task left. */
export const hasBegun = (state: string, replaced: boolean): boolean =>
  isReady(state) || (!replaced && (state === 'STARTED' || state === 'RETRY'));
