import { isDeepStrictEqual } from 'node:util';
import { localContext, type SignatureData } from '../app/index.js';
import { ToolboxError } from '../base/index.js';
import { errorFrom, type StoredFailure } from '../results/index.js';
import { pythonRepr } from '../serialization/index.js';
import { applySignature } from './apply-signature.js';
import { type Draft, draftOf, kindOf, tasksOf } from './draft.js';
import { callErrback, isCalledHere, type TaskFailure } from './errbacks.js';
import type { CanvasResult } from './handle.js';
import { listOption } from './links.js';
import type { CanvasApp } from './sending.js';
import { taskIdsOf } from './task-ids.js';

/** Sends a chord's body with the list of its header's results. `again`: it may be under way already. Rejects as `applySignature`. */
export const sendChordBody = (
  app: CanvasApp,
  body: SignatureData,
  results: readonly unknown[],
  { again, signal }: { readonly again: boolean; readonly signal: AbortSignal },
): Promise<CanvasResult> => {
  const headers = { ...(body.options['headers'] as object | undefined), redelivered: true };
  return applySignature(app, body, { args: [results], options: { signal, ...(again && { headers }) } });
};

/** Why a chord fails. */
export interface ChordFailure {
  /** Text of the ChordError stored under the body's id. */
  readonly text: string;
  /** What the failed part ended with: members of a group body get it as their own failure. */
  readonly cause?: StoredFailure | undefined;
}

/**
 * Ends a chord whose body will never run (protocol 8.6): the body's errbacks are sent with its id, and everything that
 * would have run after the header is stored as FAILURE. Errbacks that cannot be sent do not keep the rest from being
 * stored; their error is thrown afterwards. Resolves with what is stored for the body.
 *
 * @throws ToolboxError RESULT_DISABLED without a result backend, else as `applySignature` and the backend.
 */
export async function failChord(
  app: CanvasApp,
  body: SignatureData,
  { text, cause }: ChordFailure,
): Promise<StoredFailure> {
  const chordError: StoredFailure = {
    exc_type: 'ChordError',
    exc_message: [text],
    exc_module: 'celery.exceptions',
  };
  const draft = draftOf(body);
  const own = kindOf(draft) === 'group' ? (cause ?? chordError) : chordError;
  const sent = await Promise.allSettled(
    errbacksOf(draft).map(([id, errback]) =>
      isCalledHere(app, errback)
        ? callErrback(app, errback, madeUp(draft, id, own))
        : sendErrback(app, draft, id, errback),
    ),
  );
  const backend = await app.backend();
  if (backend === undefined) {
    throw new ToolboxError(
      'RESULT_DISABLED',
      `Chord body ${body.task} cannot be failed: no result_backend is set`,
    );
  }
  const later = listOption(draft.options, 'chain').flatMap(taskIdsOf);
  const failures = [
    ...taskIdsOf(body).map((taskId) => ({ taskId, result: own })),
    ...later.map((taskId) => ({ taskId, result: chordError })),
  ];
  await Promise.all(
    failures.map(({ taskId, result }) =>
      backend.store({ taskId, status: 'FAILURE', result, traceback: null }),
    ),
  );
  const unsent = sent.find((one) => one.status === 'rejected');
  if (unsent !== undefined) throw unsent.reason;
  return own;
}

/** A failure as Python prints the exception: `ValueError('bad', 1)`. */
export const failureRepr = ({ exc_type, exc_message }: StoredFailure): string =>
  `${exc_type}(${(Array.isArray(exc_message) ? exc_message : [exc_message]).map((item) => pythonRepr(item)).join(', ')})`;

/** A body that never ran has no request: one like it. */
const madeUp = ({ task, args, kwargs, options }: Draft, id: string, failure: StoredFailure): TaskFailure => {
  const { request } = localContext(task);
  const rootId = typeof options['root_id'] === 'string' ? options['root_id'] : id;
  return {
    request: { ...request, id, args, kwargs, rootId, parentId: null },
    error: errorFrom({ taskId: id, status: 'FAILURE', result: failure, traceback: null, dateDone: null }),
    traceback: null,
  };
};

const sendErrback = (
  app: CanvasApp,
  { options }: Draft,
  id: string,
  errback: SignatureData,
): Promise<CanvasResult> =>
  applySignature(app, errback, { args: [id], options: { parent_id: id, root_id: options['root_id'] } });

/** Each errback with the id of the task it belongs to: those of a group's members, of a chain and its first step. */
function errbacksOf(body: Draft): (readonly [string, SignatureData])[] {
  const kind = kindOf(body);
  if (kind === 'group') return tasksOf(body).flatMap(errbacksOf);
  const [id] = taskIdsOf(body).slice(-1);
  if (id === undefined) return [];
  const [first] = kind === 'chain' ? tasksOf(body) : [];
  const all = [...listOption(body.options, 'link_error'), ...listOption(first?.options ?? {}, 'link_error')];
  const each = all.filter(
    (errback, at) => all.findIndex((other) => isDeepStrictEqual(other, errback)) === at,
  );
  return each.map((errback) => [id, errback] as const);
}
