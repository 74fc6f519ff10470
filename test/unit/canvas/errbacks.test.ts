import { afterEach, describe, expect, it } from 'vitest';
import { CeleryApp, currentTask, type TaskRequest } from '../../../src/app/index.js';
import { type AnySignature, chain, chord, type Linkable, taskFactory } from '../../../src/canvas/index.js';
import { createMemoryResultBackend } from '../../../src/results/memory/index.js';
import { MemoryHub, memoryTransports } from '../../../src/transports/memory/index.js';
import { createWorker, type Worker } from '../../../src/worker/index.js';

let closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing = [];
});

async function system(settings = {}) {
  const app = new CeleryApp('errbacks', {
    transports: new Map([['memory', async () => memoryTransports(new MemoryHub())]]),
    backends: new Map([['memory', async () => createMemoryResultBackend]]),
    settings: {
      broker_url: 'memory://',
      result_backend: 'memory://',
      result_chord_retry_interval: 0.05,
      ...settings,
    },
  });
  const told: unknown[] = [];
  const task = taskFactory(app);
  const worker: Worker = createWorker(app, { concurrency: 4 });
  closing = [() => app.close(), () => worker.stop()];
  const tasks = {
    add: task('t.add', (x: number, y: number) => x + y),
    total: task('t.total', (numbers: readonly number[]) => numbers.length),
    fail: task('t.fail', (...given: unknown[]): number => {
      throw new RangeError(`bad ${given.length}`);
    }),
    byId: task('t.by_id', (id: string) => void told.push(['id', id])),
    bound: task(
      't.bound',
      { bind: true },
      (_self, id: string, more = 0) => void told.push(['bound', id, more]),
    ),
    called: task('t.called', (request: TaskRequest, error: unknown, traceback: string | null) => {
      told.push(['called', request.id, (error as Error).message, typeof traceback, currentTask()?.id]);
    }),
    named: task('t.named', (id: string, name: string) => void told.push(['named', id, name])),
    breaks: task('t.breaks', (_request: TaskRequest, _error: unknown, _traceback: string | null) => {
      throw new Error('an errback that fails');
    }),
  };
  await worker.start();
  /** Sends it, waits for its failure and for so many errbacks. */
  const failed = async (signature: AnySignature, count: number): Promise<string> => {
    const result = (await signature.applyAsync()) as { id: string; get(options: object): Promise<unknown> };
    await expect(result.get({ timeout: 20 })).rejects.toThrow(/bad|ChordError/);
    await expect.poll(() => told.length, { timeout: 10_000 }).toBe(count);
    return result.id;
  };
  return { app, tasks, told, failed };
}

describe('errbacks', () => {
  it('are sent the id, or called with request, error and traceback when they take more', async () => {
    const { tasks, told, failed } = await system();
    const { fail, byId, bound, called, named } = tasks;
    const linked = fail
      .s(1)
      .linkError(byId.s())
      .linkError(bound.s())
      .linkError(called.s())
      .linkError(named.s('x'));
    const id = await failed(linked, 4);
    expect(told[0]).toEqual(['called', id, 'bad 1', 'string', id]);
    expect(told.slice(1).sort()).toEqual([
      ['bound', id, 0],
      ['id', id],
      ['named', id, 'x'],
    ]);
  });

  it('that fail do not keep the others from being called', async () => {
    const { tasks, told, failed } = await system();
    const id = await failed(tasks.fail.s().linkError(tasks.breaks.s()).linkError(tasks.byId.s()), 1);
    expect(told).toEqual([['id', id]]);
  });

  it('of a chord are called for its body, once, when its header fails', async () => {
    const { tasks, told, failed } = await system();
    const { add, fail, total, called } = tasks;
    const id = await failed(chord([add.s(1, 1), fail.s()], total.s()).linkError(called.s()), 1);
    expect(told).toEqual([
      ['called', id, expect.stringMatching(/failed: ChordError: .*bad 0/), 'object', expect.anything()],
    ]);
  });

  it('of a chord go to its header as well where the setting says so, also from the chain around it', async () => {
    const { tasks, told, failed } = await system({ task_allow_error_cb_on_chord_header: true });
    const { add, fail, total, byId } = tasks;
    const errback: Linkable<[string]> = byId.s();
    const header = [add.s(1, 1), fail.s()];
    await failed(chord(header, total.s()).linkError(errback), 2);
    await failed(
      chain(add.s(1, 1), chord([fail.s()], total.s()) as AnySignature).linkError(errback) as AnySignature,
      4,
    );
    expect(new Set(told.map((one) => (one as unknown[])[1])).size).toBe(4);
  });
});
