import type { SignatureData } from '../app/index.js';
import { bodyOf, type Draft, draftOf, kindOf, tasksOf } from './draft.js';

/** A task of a workflow that is a part of a chord. */
export interface PlannedChordPart {
  readonly taskId: string;
  readonly groupId: string;
  readonly body: SignatureData;
  /** Its place in the header. */
  readonly groupIndex: number | null;
}

/** The chords' parts that a signature would have sent, had it been sent: its last tasks. */
export const chordPartsOf = (signature: SignatureData): readonly PlannedChordPart[] =>
  partsOf(draftOf(signature));

/** The groups of the chords that wait for a signature. */
export const chordGroupsOf = (signature: SignatureData): ReadonlySet<string> =>
  new Set(chordPartsOf(signature).map(({ groupId }) => groupId));

function partsOf(draft: Draft): readonly PlannedChordPart[] {
  const kind = kindOf(draft);
  if (kind === 'group') return tasksOf(draft).flatMap(partsOf);
  const last = kind === 'chain' ? tasksOf(draft).at(-1) : kind === 'chord' ? bodyOf(draft) : undefined;
  if (last !== undefined) return partsOf(last);
  const { task_id: taskId, group_id: groupId, group_index: index, chord } = draft.options;
  if (typeof taskId !== 'string' || typeof groupId !== 'string' || !chord) return [];
  return [
    { taskId, groupId, body: chord as SignatureData, groupIndex: typeof index === 'number' ? index : null },
  ];
}
