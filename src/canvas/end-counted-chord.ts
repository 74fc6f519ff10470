import type { SignatureData, TaskMessage } from '../app/index.js';
import { isReady, messageOf, PROPAGATE_STATES, ToolboxError } from '../base/index.js';
import type { CompleteChord, StoredFailure } from '../results/index.js';
import { type ChordFailure, failChord, failureRepr, sendChordBody } from './chord-end.js';
import { hasBegun } from './chord-look.js';
import { chordPartsOf } from './chord-parts.js';
import { SENDING_MS, valueOf, WORTH_ANOTHER_TRY } from './end-chord.js';
import { leafIds, nodeOf } from './result-node.js';
import type { CanvasApp } from './sending.js';
import { taskIdsOf } from './task-ids.js';

type Last = Pick<TaskMessage, 'id' | 'rootId'>;

/**
 * Goes on with a chord whose parts have all been counted (protocol 8.6): sends its body with their results, or fails it
 * when one of them failed. `last` is the part that made it complete: the body's parent. Rejects when that is worth another try.
 */
async function endCountedChord(
  app: CanvasApp,
  body: SignatureData,
  chord: CompleteChord,
  last: Last,
): Promise<void> {
  if (chord.takenOver && (await wasSent(app, body))) return chord.done();
  const failed = chord.parts.find(({ state }) => PROPAGATE_STATES.has(state));
  if (failed !== undefined) {
    const cause = failed.result as StoredFailure | null;
    const text = cause?.exc_type === undefined ? 'an error' : failureRepr(cause);
    await failCounted(
      app,
      body,
      { text: `Dependency ${failed.taskId} raised ${text}`, cause: cause ?? undefined },
      last,
    );
    return chord.done();
  }
  const results = await resultsOf(app, chord);
  if (!(await chord.keep())) return;
  try {
    await sendChordBody(app, childOf(body, last), results, {
      again: chord.takenOver,
      signal: AbortSignal.timeout(SENDING_MS),
    });
  } catch (error) {
    // Worth another try when the broker is away; else nobody would ever send it.
    if (error instanceof ToolboxError && WORTH_ANOTHER_TRY.has(error.code)) throw error;
    await failCounted(app, body, { text: `Callback error: ${messageOf(error)}` }, last);
  }
  await chord.done();
}

/** A body that fails may be a part itself, and nobody runs it: its own chord has to be told. */
async function failCounted(
  app: CanvasApp,
  body: SignatureData,
  failure: ChordFailure,
  last: Last,
): Promise<void> {
  const result = await failChord(app, body, failure);
  const counter = (await app.backend())?.chordCounter;
  for (const part of chordPartsOf(body)) {
    const outer = await counter?.count({ ...part, state: 'FAILURE', result });
    if (outer !== undefined) await endOrGiveBack(app, part.body, outer, last);
  }
}

/** As `endCountedChord`; what cannot be ended now is left to whoever is told of a part next. */
export async function endOrGiveBack(
  ...[app, body, chord, last]: Parameters<typeof endCountedChord>
): Promise<void> {
  try {
    await endCountedChord(app, body, chord, last);
  } catch (error) {
    await chord.giveBack().catch(() => undefined);
    throw error;
  }
}

const childOf = (body: SignatureData, { id, rootId }: Last): SignatureData => ({
  ...body,
  options: { root_id: rootId, ...body.options, parent_id: id },
});

/** Whoever had it before us may have sent the body. */
async function wasSent(app: CanvasApp, body: SignatureData): Promise<boolean> {
  const metas = (await (await app.backend())?.get(taskIdsOf(body))) ?? [];
  return metas.some(({ status }) => hasBegun(status, Boolean(body.options['replaced_task_nesting'])));
}

/** In the order of the header; groups among its members as lists. What was added to it comes last. */
async function resultsOf(app: CanvasApp, { parts, header }: CompleteChord): Promise<readonly unknown[]> {
  const nodes = header?.map(nodeOf).filter((node) => node !== undefined);
  if (nodes === undefined) return parts.map(({ result }) => result);
  const counted = new Map(parts.map(({ taskId, result }) => [taskId, { result }]));
  const missing = nodes.flatMap(leafIds).filter((id) => !counted.has(id));
  for (const meta of (await (await app.backend())?.get(missing)) ?? []) {
    if (isReady(meta.status)) counted.set(meta.taskId, meta);
  }
  const known = new Set(nodes.flatMap(leafIds));
  const added = parts.filter(({ taskId }) => !known.has(taskId)).map(({ result }) => result);
  return [...nodes.map((node) => valueOf(node, counted)), ...added];
}
