import type { SignatureData, TaskRequest } from '../app/index.js';
import { derivedId, ToolboxError } from '../base/index.js';
import type { AsyncResult } from '../results/index.js';
import { applyDraft } from './apply.js';
import { chordScope } from './chord-scope.js';
import { draftOf, kindOf } from './draft.js';
import { freeze } from './freeze.js';
import { handleOf } from './handle.js';
import { leafIds } from './result-node.js';
import type { CanvasApp } from './sending.js';

/**
 * Sends a signature as one more part of the chord that the running task is a part of (protocol 8.8). `nth` counts what this
 * run adds: the ids follow from it, so that a run that is repeated adds nothing twice.
 */
export async function addToChord(
  app: CanvasApp,
  request: TaskRequest,
  signature: SignatureData,
  nth: number,
): Promise<AsyncResult> {
  const { id, groupId, chord, rootId, retries } = request;
  if (groupId === null || chord === null) throw refused(request, 'it is not part of a chord');
  const draft = draftOf(signature);
  if (kindOf(draft) === 'group') throw refused(request, 'a group is not one part: add its tasks');
  const own = derivedId('add-to-chord', id, retries, nth);
  const node = freeze(draft, { id: own, groupId, chord, rootId, replyTo: app.replyTo });
  // Before it is sent: it may have ended before this task has, and the chord must not end without it.
  for (const part of leafIds(node)) {
    if (!(await addPart(app, groupId, part)))
      throw refused(request, `${String(app.conf.result_backend)} does not count parts that are added`);
  }
  return handleOf(
    app,
    await applyDraft({ app }, draft, { args: [], kwargs: {}, options: {} }),
  ) as AsyncResult;
}

async function addPart(app: CanvasApp, groupId: string, taskId: string): Promise<boolean> {
  const backend = await app.backend();
  if (backend?.chordCounter !== undefined) {
    await backend.chordCounter.add(groupId, taskId);
    return true;
  }
  return (await backend?.chords?.add(groupId, chordScope(app), taskId)) ?? false;
}

const refused = ({ task, id }: TaskRequest, why: string): ToolboxError =>
  new ToolboxError('CANVAS_INVALID', `Task ${task} cannot add to a chord: ${why}`, { fields: { task, id } });
