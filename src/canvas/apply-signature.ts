import type { SignatureData } from '../app/index.js';
import { applyDraft } from './apply.js';
import { draftOf } from './draft.js';
import { type CanvasResult, handleOf } from './handle.js';
import { omit } from './merge.js';
import type { CanvasApp } from './sending.js';

/** What is added to a signature when it is sent. */
export interface ApplyParts {
  /** Put in front of the signature's own arguments, unless it is immutable. */
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  /** Call options under Celery's names; they win over the signature's own. `signal` ends the wait for the broker. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/**
 * Sends any signature from the wire: a task, chain, group, chord, map, starmap or chunks. Callbacks and the next step of a
 * chain are sent so: `applySignature(app, next, { args: [result], options: { chain: rest } })`.
 *
 * @throws ToolboxError CANVAS_INVALID when it cannot be sent, else as `app.send`.
 */
export async function applySignature(
  app: CanvasApp,
  signature: SignatureData,
  { args = [], kwargs = {}, options = {} }: ApplyParts = {},
): Promise<CanvasResult> {
  const signal = options['signal'] as AbortSignal | undefined;
  const sending = { app, signal, member: options['add_to_parent'] === false };
  const parts = { args, kwargs, options: omit(options, 'signal', 'add_to_parent') };
  return handleOf(app, await applyDraft(sending, draftOf(signature), parts));
}
