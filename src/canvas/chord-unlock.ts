import type { RegisteredTask, SignatureData, TaskContext } from '../app/index.js';
import { messageOf, ToolboxError } from '../base/index.js';
import type { ResultBackend } from '../results/index.js';
import { failChord } from './chord-end.js';
import { type ChordLook, lookAtChord } from './chord-look.js';
import { chordScope } from './chord-scope.js';
import { type ChordBackend, endChord, endIfDone } from './end-chord.js';
import { leafIds, nodeOf, type ResultNode, tupleOf } from './result-node.js';
import type { CanvasApp } from './sending.js';

/** What a `celery.chord_unlock` message asks. */
interface Watch {
  readonly groupId: string;
  readonly body: SignatureData;
  readonly interval: number;
  readonly maxRetries: number | null;
  readonly result: readonly unknown[] | undefined;
}

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
    const look = await lookOrKeep(app, context, backend, watch).catch((error: unknown) => ({ error }));
    if (look === undefined) return null;
    if ('error' in look) return again(app, context, watch, messageOf(look.error), look.error);
    if (look.begun) return null;
    if (look.open.length > 0) return again(app, context, watch, 'its header is not done');
    await endChord(app, watch.body, look);
    return null;
  };
  return { name: 'celery.chord_unlock', options, run };
}

/** What the rows say; undefined when the store takes care of the chord from now on. */
async function lookOrKeep(
  app: CanvasApp,
  context: TaskContext,
  backend: ResultBackend,
  watch: Watch,
): Promise<ChordLook | undefined> {
  const nodes = await nodesOf(backend, watch);
  const kept = canKeep(backend) && (await keep(app, context, backend, watch, nodes));
  return kept ? undefined : lookAtChord(backend, nodes, watch.body);
}

async function nodesOf(backend: ResultBackend, { groupId, result }: Watch): Promise<readonly ResultNode[]> {
  const nodes = result?.map(nodeOf) ?? (await backend.getGroup(groupId))?.taskIds.map(nodeOf);
  if (nodes === undefined)
    throw new ToolboxError('CANVAS_INVALID', `GroupResult ${groupId} no longer exists`);
  return nodes.filter((node) => node !== undefined);
}

const canKeep = (backend: ResultBackend): backend is ChordBackend => backend.chords !== undefined;

/** Leaves the chord to the store and those who keep it: nobody has to look by message. False when the store cannot. */
async function keep(
  app: CanvasApp,
  { retries }: TaskContext,
  backend: ChordBackend,
  { groupId, body, interval, maxRetries }: Watch,
  nodes: readonly ResultNode[],
): Promise<boolean> {
  const opened = await backend.chords.open({
    groupId,
    header: nodes.map(tupleOf),
    body,
    parts: nodes.flatMap(leafIds),
    scope: chordScope(app),
    intervalSeconds: interval,
    patienceSeconds: maxRetries === null ? null : Math.max(0, maxRetries - retries) * interval,
  });
  // What cannot be sent now is its keepers' matter.
  if (opened) await endIfDone(app, backend, groupId).catch(() => undefined);
  return opened;
}

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
