import type { SignatureData } from '../app/index.js';
import { messageOf, PROPAGATE_STATES, ToolboxError } from '../base/index.js';
import type { ChordStore, ClaimedChord, ResultBackend, StoredFailure, TaskMeta } from '../results/index.js';
import { failChord, failureRepr, sendChordBody } from './chord-end.js';
import { type ChordLook, lookAtChord } from './chord-look.js';
import { chordGroupsOf } from './chord-parts.js';
import { leafIds, nodeOf, type ResultNode } from './result-node.js';
import type { CanvasApp } from './sending.js';

/** Milliseconds the broker is waited for: a claim that takes longer is another's. */
export const SENDING_MS = 15_000;

/**
 * Ends a chord whose header is done: sends its body, or fails it. Resolves with false when it was failed.
 *
 * @throws ToolboxError BROKER_UNREACHABLE, and what the result backend throws: it may be tried again.
 */
export async function endChord(
  app: CanvasApp,
  body: SignatureData,
  { nodes, metas }: ChordLook,
  again = false,
): Promise<boolean> {
  const failed = nodes.flatMap(leafIds).find((id) => PROPAGATE_STATES.has(metas.get(id)?.status ?? ''));
  if (failed !== undefined) {
    const cause = metas.get(failed)?.result as StoredFailure | null;
    const text = cause?.exc_type === undefined ? 'an error' : failureRepr(cause);
    await failChord(app, body, { text: `Dependency ${failed} raised ${text}`, cause: cause ?? undefined });
    return false;
  }
  try {
    const values = nodes.map((node) => valueOf(node, metas));
    await sendChordBody(app, { ...body, options: { ...body.options, ...lastOf(nodes, metas) } }, values, {
      again,
      signal: AbortSignal.timeout(SENDING_MS),
    });
    return true;
  } catch (error) {
    // Worth another try when the broker is away; else nobody would ever send it.
    if (error instanceof ToolboxError && WORTH_ANOTHER_TRY.has(error.code)) throw error;
    await failChord(app, body, { text: `Callback error: ${messageOf(error)}` });
    return false;
  }
}

/** The part that ended last is the body's parent, whoever found it out. */
function lastOf(
  nodes: readonly ResultNode[],
  metas: ReadonlyMap<string, TaskMeta>,
): { readonly parent_id?: string } {
  const times = nodes.flatMap(leafIds).map((id) => [id, metas.get(id)?.dateDone?.getTime() ?? 0] as const);
  const [first] = times;
  return first === undefined
    ? {}
    : { parent_id: times.reduce((last, one) => (one[1] > last[1] ? one : last), first)[0] };
}

export const WORTH_ANOTHER_TRY: ReadonlySet<string> = new Set(['BROKER_UNREACHABLE', 'ABORTED']);

/** What a header's member came to; a group's as a list. */
export const valueOf = (
  { id, children }: ResultNode,
  known: ReadonlyMap<string, { readonly result: unknown }>,
): unknown =>
  children === null ? (known.get(id)?.result ?? null) : children.map((child) => valueOf(child, known));

/** A backend that can tell by itself that a header is done. */
export type ChordBackend = ResultBackend & { readonly chords: ChordStore };

/** Ends the chord of this group, if its header is done and nobody else does it. */
export async function endIfDone(app: CanvasApp, backend: ChordBackend, groupId: string): Promise<void> {
  const claimed = await backend.chords.claim(groupId);
  if (claimed !== undefined) await endClaimed(app, backend, claimed);
}

/** Ends a chord that is ours to end; when it cannot, somebody looks at it again soon. */
export async function endClaimed(
  app: CanvasApp,
  backend: ChordBackend,
  { groupId, header, body: stored, again, late }: ClaimedChord,
): Promise<void> {
  const body = stored as SignatureData;
  const nodes = header.map(nodeOf).filter((node) => node !== undefined);
  let sent: boolean;
  try {
    const look = await lookAtChord(backend, nodes, body);
    if (late && look.open.length > 0 && !look.begun) sent = await giveUp(app, body, look);
    else sent = look.begun || (await endChord(app, body, look, again));
  } catch (error) {
    await backend.chords.unsure(groupId);
    throw error;
  }
  await backend.chords.ended(groupId);
  // A failed body may be a part itself, and nobody runs it: its own chord has to be told.
  if (!sent) for (const outer of chordGroupsOf(body)) await endIfDone(app, backend, outer);
}

async function giveUp(app: CanvasApp, body: SignatureData, { open }: ChordLook): Promise<false> {
  const some = open.slice(0, 5).join(', ');
  const more = open.length > 5 ? ` and ${open.length - 5} more` : '';
  await failChord(app, body, {
    text: `chord_unlock could not be retried: its header is not done, of ${some}${more} there is no result`,
  });
  return false;
}
