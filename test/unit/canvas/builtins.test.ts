import { describe, expect, it } from 'vitest';
import {
  defineTask,
  type RegisteredTask,
  type RetryOptions,
  type SignatureData,
  type TaskContext,
} from '../../../src/app/index.js';
import { localContext } from '../../../src/app/local-context.js';
import { ToolboxError } from '../../../src/base/index.js';
import { builtinTasks, failChord, taskIdsOf } from '../../../src/canvas/index.js';
import { MemoryResultBackend } from '../../../src/results/memory/index.js';
import { bodyOf, type Recording, recordingApp, StillClock } from '../app/recording.js';

class Retried extends Error {
  readonly options: RetryOptions;
  constructor(options: RetryOptions) {
    super('retried');
    this.options = options;
  }
}

const context = (retries = 0): TaskContext => ({
  ...localContext('test'),
  retries,
  retry: (options = {}) => {
    throw new Retried(options);
  },
});

interface Bench extends Recording {
  readonly backend: MemoryResultBackend;
  readonly builtin: (name: string) => RegisteredTask;
  readonly store: (taskId: string, status: string, result: unknown) => Promise<void>;
}

function bench(maxRetries: number | null = null): Bench {
  const backend = new MemoryResultBackend({ options: {}, clock: new StillClock() });
  const recording = recordingApp({ task_publish_retry: false }, { backend });
  const tasks = builtinTasks(recording.app, { chordUnlockMaxRetries: maxRetries });
  return {
    ...recording,
    backend,
    builtin: (name) => tasks.find((task) => task.name === `celery.${name}`)!,
    store: (taskId, status, result) => backend.store({ taskId, status, result, traceback: null }),
  };
}

const sig = (task: string, options: Record<string, unknown> = {}, args: unknown[] = []): SignatureData => ({
  task,
  args,
  kwargs: {},
  options,
  subtask_type: null,
  immutable: false,
});
const many = (
  kind: string,
  tasks: SignatureData[],
  options: Record<string, unknown> = {},
): SignatureData => ({
  task: `celery.${kind}`,
  args: [],
  kwargs: { tasks },
  options,
  subtask_type: kind,
  immutable: false,
});

const body = sig('wt.end', { task_id: 'body', root_id: 'root', link_error: [sig('wt.err')] });
const failure = { exc_type: 'ValueError', exc_message: ['bad', 1], exc_module: 'builtins' };
const unlock = (
  { builtin }: Bench,
  result: unknown,
  { retries = 0, ...kwargs }: Record<string, unknown> & { retries?: number } = {},
  callback = body,
): Promise<unknown> =>
  builtin('chord_unlock').run(context(retries), ['gid', callback], {
    interval: null,
    max_retries: null,
    result,
    ...kwargs,
  });
const parts = (...ids: string[]): unknown => ids.map((id) => [[id, null], null]);

describe('celery.chord_unlock', () => {
  it('sends the body with the results in the order of the header, groups as lists', async () => {
    const b = bench();
    await b.store('a', 'SUCCESS', 1);
    await b.store('b', 'SUCCESS', null);
    await b.store('c', 'SUCCESS', { x: 1 });
    await unlock(b, [
      ...(parts('c', 'a') as unknown[]),
      [['g', null], parts('b', 'a')],
      [['b', [['parent', null], null]], null],
    ]);
    expect(b.transport.sent.map(({ message }) => [message.headers['task'], message.headers['id']])).toEqual([
      ['wt.end', 'body'],
    ]);
    expect(bodyOf(b.transport.sent[0]!)[0]).toEqual([[{ x: 1 }, 1, [null, 1], null]]);
  });

  it('looks again while a part is not done', async () => {
    const b = bench();
    await b.store('a', 'SUCCESS', 1);
    await b.store('b', 'STARTED', {});
    await expect(unlock(b, parts('a', 'b'))).rejects.toMatchObject({
      options: { countdown: 1, maxRetries: null },
    });
    await expect(unlock(b, parts('a', 'b'), { interval: 7, max_retries: 3 })).rejects.toMatchObject({
      options: { countdown: 7, maxRetries: 3 },
    });
    expect(b.transport.sent).toEqual([]);
  });

  it('fails the body when a part has failed: errbacks, then the row', async () => {
    const b = bench();
    await b.store('a', 'SUCCESS', 1);
    await b.store('b', 'FAILURE', failure);
    await unlock(b, parts('a', 'b'));
    expect(
      b.transport.sent.map(({ message: { headers } }) => [
        headers['task'],
        headers['parent_id'],
        headers['root_id'],
      ]),
    ).toEqual([['wt.err', 'body', 'root']]);
    expect(bodyOf(b.transport.sent[0]!)[0]).toEqual(['body']);
    const [meta] = await b.backend.get(['body']);
    expect(meta).toMatchObject({
      status: 'FAILURE',
      result: {
        exc_type: 'ChordError',
        exc_message: ["Dependency b raised ValueError('bad', 1)"],
        exc_module: 'celery.exceptions',
      },
    });
  });

  it('counts a revoked part as failed', async () => {
    const b = bench();
    await b.store('a', 'REVOKED', {
      exc_type: 'TaskRevokedError',
      exc_message: ['revoked'],
      exc_module: 'celery.exceptions',
    });
    await unlock(b, parts('a'));
    expect((await b.backend.get(['body']))[0]?.result).toMatchObject({
      exc_message: ["Dependency a raised TaskRevokedError('revoked')"],
    });
  });

  it('does nothing when the body has begun already', async () => {
    const b = bench();
    await b.store('a', 'SUCCESS', 1);
    await b.store('body', 'STARTED', {});
    await unlock(b, parts('a'));
    expect(b.transport.sent).toEqual([]);
  });

  it('fails the body when it may not look again', async () => {
    const b = bench(5);
    expect(b.builtin('chord_unlock').options).toMatchObject({
      maxRetries: 5,
      ignoreResult: true,
      defaultRetryDelay: 1,
    });
    await expect(unlock(b, parts('a'), { retries: 4 })).rejects.toBeInstanceOf(Retried);
    await expect(unlock(b, parts('a'), { retries: 5, max_retries: 9 })).rejects.toBeInstanceOf(Retried);
    await expect(unlock(b, parts('a'), { retries: 5 })).rejects.toMatchObject({ code: 'CANVAS_INVALID' });
    expect((await b.backend.get(['body']))[0]?.result).toMatchObject({
      exc_message: ['chord_unlock could not be retried: its header is not done after 5 retries'],
    });
  });

  it('looks again when the result store or the broker is away', async () => {
    const b = bench();
    await b.store('a', 'SUCCESS', 1);
    b.transport.failures = () => new ToolboxError('BROKER_UNREACHABLE', 'broker away');
    await expect(unlock(b, parts('a'))).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
    const away = new ToolboxError('RESULT_BACKEND_UNREACHABLE', 'store away');
    b.backend.get = () => Promise.reject(away);
    await expect(unlock(b, parts('a'))).rejects.toMatchObject({ options: { countdown: 1, error: away } });
  });

  it('fails the body when the body cannot be sent', async () => {
    const b = bench();
    await b.store('a', 'SUCCESS', 1);
    b.transport.failures = () => new ToolboxError('BROKER_REFUSED', 'too large');
    await expect(unlock(b, parts('a'))).rejects.toMatchObject({ code: 'BROKER_REFUSED' });
    expect((await b.backend.get(['body']))[0]?.result).toMatchObject({
      exc_message: ['Callback error: too large'],
    });
  });

  it('takes the saved group when the message does not name the parts', async () => {
    const b = bench();
    await b.store('a', 'SUCCESS', 1);
    await b.backend.saveGroup({ groupId: 'gid', taskIds: ['a'] });
    await unlock(b, null);
    expect(bodyOf(b.transport.sent[0]!)[0]).toEqual([[1]]);
  });

  it('refuses arguments that are none', async () => {
    const b = bench();
    await expect(b.builtin('chord_unlock').run(context(), [], {})).rejects.toMatchObject({
      code: 'TASK_ARGUMENTS',
    });
    const { app } = recordingApp();
    const [alone] = builtinTasks(app);
    await expect(alone?.run(context(), ['gid', body], { result: [] })).rejects.toMatchObject({
      code: 'RESULT_DISABLED',
    });
  });
});

describe('a chord that fails', () => {
  it('fails everything that would have run after its header', async () => {
    const b = bench();
    const err = sig('wt.err');
    const chained = many(
      'chain',
      [sig('x', { task_id: 'one', link_error: [err] }), sig('y', { task_id: 'two' })],
      {
        link_error: [err],
        chain: [sig('z', { task_id: 'three' })],
      },
    );
    await failChord(b.app, chained, { text: 'why' });
    const metas = await b.backend.get(['one', 'two', 'three']);
    expect(metas.map(({ status }) => status)).toEqual(['FAILURE', 'FAILURE', 'FAILURE']);
    expect(b.transport.sent.map((sent) => bodyOf(sent)[0])).toEqual([['two']]);
  });

  it('gives members of a group body the failure itself, and each its errbacks', async () => {
    const b = bench();
    const group = many('group', [
      sig('x', { task_id: 'one', link_error: [sig('wt.err')] }),
      sig('y', { task_id: 'two' }),
    ]);
    await failChord(b.app, group, { text: 'why', cause: failure });
    expect((await b.backend.get(['one', 'two'])).map(({ result }) => result)).toMatchObject([
      failure,
      failure,
    ]);
    expect(b.transport.sent.map((sent) => bodyOf(sent)[0])).toEqual([['one']]);
  });

  it('is stored even when its errbacks cannot be sent', async () => {
    const b = bench();
    b.transport.failures = () => new ToolboxError('BROKER_REFUSED', 'no');
    await expect(failChord(b.app, body, { text: 'why' })).rejects.toMatchObject({ code: 'BROKER_REFUSED' });
    expect((await b.backend.get(['body']))[0]?.status).toBe('FAILURE');
  });
});

describe("Celery's own tasks", () => {
  it('are all there', () => {
    expect(builtinTasks(recordingApp().app).map(({ name }) => name.slice(7))).toEqual([
      'chord_unlock',
      'accumulate',
      'map',
      'starmap',
      'chunks',
      'group',
      'chord',
      'chain',
      'backend_cleanup',
    ]);
  });

  it('accumulate gives one argument, or all', async () => {
    const { builtin } = bench();
    expect(await builtin('accumulate').run(context(), [[1, 2], 3], { index: 0 })).toEqual([1, 2]);
    expect(await builtin('accumulate').run(context(), [1, 2], {})).toEqual([1, 2]);
  });

  it('map and starmap call the task here, one item after the other', async () => {
    const { app, builtin } = bench();
    const order: unknown[] = [];
    defineTask(app, 'wt.add', async (x: number, y: number = 1) => {
      order.push(x);
      await Promise.resolve();
      return x + y;
    });
    expect(await builtin('map').run(context(), [], { task: sig('wt.add'), it: [1, 2] })).toEqual([2, 3]);
    expect(
      await builtin('starmap').run(
        context(),
        [
          sig('wt.add'),
          [
            [1, 5],
            [2, 6],
          ],
        ],
        {},
      ),
    ).toEqual([6, 8]);
    expect(order).toEqual([1, 2, 1, 2]);
    await expect(builtin('map').run(context(), [], { task: sig('wt.none'), it: [] })).rejects.toMatchObject({
      code: 'TASK_UNKNOWN',
    });
  });

  it('map ends between two items when its run is aborted', async () => {
    const { app, builtin } = bench();
    const controller = new AbortController();
    defineTask(app, 'wt.stop', () => controller.abort(new Error('revoked')));
    const run = builtin('map').run({ ...context(), signal: controller.signal }, [], {
      task: sig('wt.stop'),
      it: [[], []],
    });
    await expect(run).rejects.toThrow();
  });

  it('chunks, group and chord send what they stand for', async () => {
    const b = bench();
    const value = await b.builtin('chunks').run(context(), [sig('t'), [[1], [2], [3]], 2], {});
    expect(b.transport.sent.map((sent) => bodyOf(sent)[1]['it'])).toEqual([[[1], [2]], [[3]]]);
    expect(value).toEqual([
      [b.transport.sent[0]?.message.headers['group'], null],
      b.transport.sent.map(({ message }) => [[message.headers['id'], null], null]),
    ]);
    b.transport.sent.length = 0;
    expect(
      await b
        .builtin('group')
        .run(context(), [[sig('t', { task_id: 'a' })], [['gid', null], parts('a')], 'gid', [7]], {}),
    ).toEqual([['gid', null], parts('a')]);
    expect(b.transport.sent[0]?.message.headers).toMatchObject({ id: 'a', group: 'gid' });
    b.transport.sent.length = 0;
    await b.builtin('chord').run(context(), [], { header: [sig('t')], body: sig('u') });
    expect(b.transport.sent.map(({ message }) => message.headers['task'])).toEqual([
      'celery.chord_unlock',
      't',
    ]);
  });

  it('chain is no task', () => {
    expect(() => bench().builtin('chain').run(context(), [], {})).toThrow('chain is not a real task');
  });

  it('backend_cleanup removes what is older than result_expires, where the store can', async () => {
    const b = bench();
    const asked: Date[] = [];
    Object.assign(b.backend, { cleanup: async (before: Date) => asked.push(before) });
    await b.builtin('backend_cleanup').run(context(), [], {});
    expect(asked).toEqual([new Date(b.clock.now() - 86_400_000)]);
  });
});

it('every id of a workflow can be told', () => {
  const header = many('group', [sig('a', { task_id: '2' }), sig('b')]);
  const chord: SignatureData = {
    task: 'celery.chord',
    args: [],
    kwargs: { header, body: sig('c', { task_id: '3' }) },
    options: { task_id: 'gid' },
    subtask_type: 'chord',
    immutable: false,
  };
  expect(taskIdsOf(many('chain', [sig('a', { task_id: '1' }), chord]))).toEqual(['1', '2', '3']);
});
