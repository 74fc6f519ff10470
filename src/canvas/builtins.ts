import type { RegisteredTask, SignatureData, TaskContext, TaskOptions } from '../app/index.js';
import { ToolboxError } from '../base/index.js';
import { applySignature } from './apply-signature.js';
import { chordUnlock } from './chord-unlock.js';
import { newDraft } from './draft.js';
import type { CanvasApp } from './sending.js';

export interface BuiltinOptions {
  /** Most looks `celery.chord_unlock` takes at a chord (the toolbox's CHORD_UNLOCK_MAX_RETRIES). Default null: no end. */
  readonly chordUnlockMaxRetries?: number | null;
}

type Kwargs = Readonly<Record<string, unknown>>;

/** The tasks every Celery worker has: registered by the worker, beside the user's own. */
export function builtinTasks(
  app: CanvasApp,
  { chordUnlockMaxRetries = null }: BuiltinOptions = {},
): readonly RegisteredTask[] {
  return [
    chordUnlock(app, chordUnlockMaxRetries),
    builtin('celery.accumulate', async (_context, args, { index }) =>
      typeof index === 'number' ? (args.at(index) ?? null) : args,
    ),
    builtin('celery.map', (context, args, kwargs) => mapOver(app, context, args, kwargs, (item) => [item])),
    builtin('celery.starmap', (context, args, kwargs) =>
      mapOver(app, context, args, kwargs, (item) => item as readonly unknown[]),
    ),
    builtin('celery.chunks', async (_context, args, kwargs) => {
      const [task, it, n] = named(args, kwargs, 'task', 'it', 'n');
      return applied(app, {
        ...newDraft('group', { task, it, n }),
        task: 'celery.chunks',
        subtask_type: null,
      });
    }),
    builtin('celery.group', (_context, args, kwargs) => applyGroup(app, args, kwargs)),
    builtin('celery.chord', async (_context, args, kwargs) => {
      const [header, body, partial = []] = named(args, kwargs, 'header', 'body', 'partial_args');
      return applied(app, newDraft('chord', { kwargs: {}, header, body }), partial as readonly unknown[]);
    }),
    builtin('celery.chain', () => {
      throw new ToolboxError('CANVAS_INVALID', 'chain is not a real task');
    }),
    builtin('celery.backend_cleanup', () => cleanUp(app), { ignoreResult: true }),
  ];
}

const builtin = (name: string, run: RegisteredTask['run'], options: TaskOptions = {}): RegisteredTask => ({
  name,
  options,
  run,
});

/** Arguments by position or by keyword. */
const named = (args: readonly unknown[], kwargs: Kwargs, ...names: readonly string[]): readonly unknown[] =>
  names.map((name, at) => (at < args.length ? args[at] : kwargs[name]));

/** Calls the inner task for each item, one after the other, in this process (protocol 8.7). */
async function mapOver(
  app: CanvasApp,
  context: TaskContext,
  args: readonly unknown[],
  kwargs: Kwargs,
  argsOf: (item: unknown) => readonly unknown[],
): Promise<unknown[]> {
  const [signature, items] = named(args, kwargs, 'task', 'it') as [SignatureData | undefined, unknown];
  const task = app.tasks.get(signature?.task ?? '');
  if (task === undefined) {
    throw new ToolboxError('TASK_UNKNOWN', `Task ${signature?.task ?? '(none)'} is not registered here`, {
      fields: { task: signature?.task },
    });
  }
  const results: unknown[] = [];
  for (const item of Array.isArray(items) ? items : []) {
    context.signal.throwIfAborted();
    results.push(await task.run(context, argsOf(item), {}));
  }
  return results;
}

/** Messages of old producers: the members were given their ids and results by the sender. */
async function applyGroup(app: CanvasApp, args: readonly unknown[], kwargs: Kwargs): Promise<unknown> {
  const [tasks, result, groupId, partial = []] = named(
    args,
    kwargs,
    'tasks',
    'result',
    'group_id',
    'partial_args',
  );
  await applied(
    app,
    { ...newDraft('group', { tasks }), options: { task_id: groupId } },
    partial as readonly unknown[],
  );
  return result;
}

/** Sends a workflow; the value is its result as Celery stores results. */
const applied = async (
  app: CanvasApp,
  signature: SignatureData,
  args: readonly unknown[] = [],
): Promise<unknown> => (await applySignature(app, signature, { args })).asTuple();

/** Removes results older than `result_expires`, where the store does not do so by itself. */
async function cleanUp(app: CanvasApp): Promise<null> {
  const { result_expires: seconds } = app.conf;
  const backend = await app.backend();
  if (seconds !== null && seconds > 0) await backend?.cleanup?.(new Date(app.clock.now() - seconds * 1000));
  return null;
}
