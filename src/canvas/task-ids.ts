import type { SignatureData } from '../app/index.js';
import { bodyOf, type Draft, draftOf, headerOf, kindOf, tasksOf } from './draft.js';

/**
 * The ids of all tasks a signature would have sent: those that wait for ever when it is never sent, as the later elements
 * of a chain whose task failed. Tasks without an id are left out.
 */
export const taskIdsOf = (signature: SignatureData): readonly string[] => idsOf(draftOf(signature));

function idsOf(draft: Draft): string[] {
  const kind = kindOf(draft);
  if (kind === 'chain' || kind === 'group') return tasksOf(draft).flatMap(idsOf);
  if (kind === 'chord') {
    const body = bodyOf(draft);
    return [...idsOf(headerOf(draft)), ...(body === undefined ? [] : idsOf(body))];
  }
  const id = draft.options['task_id'];
  return typeof id === 'string' ? [id] : [];
}
