import type { RegisteredTask, SignatureData, TaskContext } from '../app/index.js';
import { isReady, messageOf, PROPAGATE_STATES, ToolboxError } from '../base/index.js';
import type { ResultBackend, StoredFailure, TaskMeta } from '../results/index.js';
import { failChord, failureRepr, sendChordBody } from './chord-end.js';
import { leafIds, nodeOf, type ResultNode } from './result-node.js';
import type { CanvasApp } from './sending.js';
import { taskIdsOf } from './task-ids.js';

/** What a `celery.chord_unlock` message asks. */
interface Watch {
  readonly groupId: string;
  readonly body: SignatureData;
  readonly interval: number;
  readonly maxRetries: number | null;
  readonly result: readonly unknown[] | undefined;
}

/** States that show the body has been sent already. Under a replaced task's id, STARTED may be what that task left. */
const hasBegun = (state: string, replaced: boolean): boolean =>
  isReady(state) || (!replaced && (state === 'STARTED' || state === 'RETRY'));

/**
 * `celery.chord_unlock` (protocol 8.6): looks whether the header is done and then sends the body; else looks again after
 * `result_chord_retry_interval`. A failed part fails the body; so does running out of looks, which Python leaves pending.
 * `maxRetries` null looks for ever.
 */
export function chordUnlock(app: CanvasApp, maxRetries: number | null): RegisteredTask {
  const options = {
    bind: true,
    ignoreResult: true,
    maxRetries,
    defaultRetryDelay: app.conf.result_chord_retry_interval,
  };
  const run: RegisteredTask['run'] = async (context, args, kwargs) => {
    const watch = readWatch(args, kwargs, options.defaultRetryDelay, maxRetries);
    const backend = await app.backend(context.signal);
    if (backend === undefined) {
      throw new ToolboxError(
        'RESULT_DISABLED',
        `Chord ${watch.groupId} cannot be watched: no result_backend is set`,
      );
    }
    const look = await lookAt(backend, watch).catch((error: unknown) => ({ error }));
    if ('error' in look) return again(app, context, watch, messageOf(look.error), look.error);
    if (look.begun) return null;
    if (!look.ready) return again(app, context, watch, 'its header is not done');
    await end(app, watch, look);
    return null;
  };
  return { name: 'celery.chord_unlock', options, run };
}

interface Look {
  readonly begun: boolean;
  readonly ready: boolean;
  readonly nodes: readonly ResultNode[];
  readonly metas: ReadonlyMap<string, TaskMeta>;
}

async function lookAt(backend: ResultBackend, { groupId, body, result }: Watch): Promise<Look> {
  const nodes = result?.map(nodeOf) ?? (await backend.getGroup(groupId))?.taskIds.map(nodeOf);
  if (nodes === undefined)
    throw new ToolboxError('CANVAS_INVALID', `GroupResult ${groupId} no longer exists`);
  const known = nodes.filter((node) => node !== undefined);
  const ids = known.flatMap(leafIds);
  const bodyIds = taskIdsOf(body);
  const metas = new Map((await backend.get([...ids, ...bodyIds])).map((meta) => [meta.taskId, meta]));
  const stateOf = (id: string): string => metas.get(id)?.status ?? 'PENDING';
  return {
    begun: bodyIds.some((id) => hasBegun(stateOf(id), Boolean(body.options['replaced_task_nesting']))),
    ready: ids.every((id) => isReady(stateOf(id))),
    nodes: known,
    metas,
  };
}

async function end(app: CanvasApp, { body }: Watch, { nodes, metas }: Look): Promise<void> {
  const failed = nodes.flatMap(leafIds).find((id) => PROPAGATE_STATES.has(metas.get(id)?.status ?? ''));
  if (failed !== undefined) {
    const cause = metas.get(failed)?.result as StoredFailure | null;
    const text = cause?.exc_type === undefined ? 'an error' : failureRepr(cause);
    await failChord(app, body, { text: `Dependency ${failed} raised ${text}`, cause: cause ?? undefined });
    return;
  }
  try {
    await sendChordBody(
      app,
      body,
      nodes.map((node) => valueOf(node, metas)),
    );
  } catch (error) {
    // Worth another try when the broker is away; else nobody would ever send it.
    if (error instanceof ToolboxError && error.code === 'BROKER_UNREACHABLE') throw error;
    await failChord(app, body, { text: `Callback error: ${messageOf(error)}` });
  }
}

const valueOf = ({ id, children }: ResultNode, metas: ReadonlyMap<string, TaskMeta>): unknown =>
  children === null ? (metas.get(id)?.result ?? null) : children.map((child) => valueOf(child, metas));

/** Looks again later, or fails the chord when that was the last look. */
async function again(
  app: CanvasApp,
  context: TaskContext,
  { groupId, body, interval, maxRetries }: Watch,
  why: string,
  error?: unknown,
): Promise<never> {
  if (maxRetries !== null && context.retries >= maxRetries) {
    await failChord(app, body, {
      text: `chord_unlock could not be retried: ${why} after ${context.retries} retries`,
    });
    throw new ToolboxError(
      'CANVAS_INVALID',
      `Chord ${groupId} was given up after ${context.retries} looks: ${why}`,
      {
        cause: error,
        fields: { groupId, retries: context.retries },
      },
    );
  }
  return context.retry({ countdown: interval, maxRetries, ...(error !== undefined && { error }) });
}

const NAMES = ['group_id', 'callback', 'interval', 'max_retries', 'result'];

function readWatch(
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  defaultInterval: number,
  defaultMaxRetries: number | null,
): Watch {
  const given = { ...kwargs, ...Object.fromEntries(args.map((value, at) => [NAMES[at] ?? '', value])) };
  const { group_id: groupId, callback, interval, max_retries, result } = given as Record<string, unknown>;
  if (typeof groupId !== 'string' || callback === null || typeof callback !== 'object') {
    throw new ToolboxError('TASK_ARGUMENTS', 'chord_unlock() needs group_id and callback');
  }
  return {
    groupId,
    body: callback as SignatureData,
    interval: typeof interval === 'number' ? interval : defaultInterval,
    maxRetries: typeof max_retries === 'number' ? max_retries : defaultMaxRetries,
    result: Array.isArray(result) ? result : undefined,
  };
}
