import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CeleryApp, type SignatureData, type TaskContext } from '../../../src/app/index.js';
import { localContext } from '../../../src/app/local-context.js';
import { type AnySignature, chain, chord, group, taskFactory } from '../../../src/canvas/index.js';
import { createMemoryResultBackend } from '../../../src/results/memory/index.js';
import { MemoryHub, memoryTransports } from '../../../src/transports/memory/index.js';
import { createWorker, type Worker } from '../../../src/worker/index.js';

interface Seen {
  readonly name: string;
  readonly id: string;
  readonly root: string;
  readonly parent: string | null;
  readonly nesting: number;
}

function tasksOf(app: CeleryApp, seen: Seen[]) {
  const task = taskFactory(app);
  const see = ({ name, id, rootId: root, parentId: parent, request }: TaskContext): void => {
    seen.push({ name, id, root, parent, nesting: request.replacedTaskNesting });
  };
  return {
    add: task('t.add', { bind: true }, (self, x: number, y: number) => {
      see(self);
      return x + y;
    }),
    total: task('t.total', { bind: true }, (self, numbers: readonly number[]) => {
      see(self);
      return numbers.reduce((sum, each) => sum + each, 0);
    }),
    fail: task('t.fail', () => {
      throw new RangeError('bad');
    }),
    note: task('t.note', { bind: true }, (self, value: unknown) => {
      see(self);
      return value;
    }),
    swap: task('t.swap', { bind: true }, (self, signature: SignatureData): Promise<number> => {
      see(self);
      return self.replace(signature);
    }),
  };
}

let app: CeleryApp;
let worker: Worker;
let seen: Seen[];
let tasks: ReturnType<typeof tasksOf>;
beforeEach(async () => {
  app = new CeleryApp('replace', {
    transports: new Map([['memory', async () => memoryTransports(new MemoryHub())]]),
    backends: new Map([['memory', async () => createMemoryResultBackend]]),
    settings: {
      broker_url: 'memory://',
      result_backend: 'memory://',
      result_chord_retry_interval: 0.05,
      task_track_started: true,
    },
  });
  seen = [];
  tasks = tasksOf(app, seen);
  worker = createWorker(app, { concurrency: 4 });
  await worker.start();
});
afterEach(async () => {
  await worker.stop();
  await app.close();
});

const swap = (signature: AnySignature) => tasks.swap.s(signature.toJSON());
const valueOf = async (workflow: AnySignature): Promise<unknown> =>
  ((await workflow.applyAsync()) as { get(options: object): Promise<unknown> }).get({ timeout: 20 });

describe('replace', () => {
  it('keeps id and root of the task, which becomes the parent', async () => {
    const result = await swap(tasks.add.s(1, 2)).applyAsync();
    expect(await result.get({ timeout: 20 })).toBe(3);
    expect(seen).toEqual([
      { name: 't.swap', id: result.id, root: result.id, parent: null, nesting: 0 },
      { name: 't.add', id: result.id, root: result.id, parent: result.id, nesting: 1 },
    ]);
  });

  it('stands for the task in every form', async () => {
    const { add, total } = tasks;
    const forms: readonly (readonly [AnySignature, unknown])[] = [
      [add.s(1, 2), 3],
      [chain(add.s(1, 2), add.s(3), add.s(4)), 10],
      [group(add.s(1, 2), add.s(3, 4)), [3, 7]],
      [group(add.s(1, 2)), [3]],
      [group(), []],
      [chain(add.s(1, 2), group(add.s(3), add.s(4))), [6, 7]],
      [chord([add.s(1, 2), add.s(3, 4)], total.s()), 10],
      [chain(group(add.s(1, 2), add.s(3, 4)), total.s(), add.s(5)), 15],
      [chord([chord([add.s(1, 1), add.s(2, 2)], total.s()), add.s(3, 4)], total.s()), 13],
      [swap(swap(add.s(1, 2))), 3],
      [swap(group(add.s(1, 2), swap(add.s(3, 4)))), [3, 7]],
    ];
    const values = await Promise.all(forms.map(([form]) => valueOf(swap(form))));
    expect(values).toEqual(forms.map(([, value]) => value));
  });

  it('goes on with what was left of the chain, each once', async () => {
    const { add, total, note } = tasks;
    for (const form of [
      add.s(1, 2),
      chain(add.s(1, 1), add.s(1)),
      chord([add.s(1, 0), add.s(1, 1)], total.s()),
    ] as AnySignature[]) {
      seen.length = 0;
      expect(await valueOf(chain([swap(form), add.s(10), note.s()]))).toBe(13);
      expect(seen.filter(({ name }) => name === 't.note')).toHaveLength(1);
      expect(seen.find(({ name }) => name === 't.note')?.nesting).toBe(1);
    }
  });

  it('keeps the place in a group and a chord', async () => {
    const { add, total } = tasks;
    expect(await valueOf(group([swap(add.s(1, 2)), swap(group(add.s(1, 1), add.s(2, 2)))]))).toEqual([
      3,
      [2, 4],
    ]);
    const header = [
      swap(add.s(1, 2)),
      swap(chain(add.s(1, 2), add.s(10))),
      swap(chord([add.s(1, 2), add.s(3, 4)], total.s())),
      chain([swap(add.s(1, 2)), swap(add.s(4, 5)).set({ immutable: true })]),
    ];
    expect(await valueOf(chord(header, total.s() as AnySignature))).toBe(3 + 13 + 10 + 9);
  });

  it('hands over callbacks and errbacks', async () => {
    const { add, note, fail } = tasks;
    const done = note.s().freeze('callback');
    await swap(chain(add.s(1, 2), add.s(3)).link(note.s()))
      .link(done.signature)
      .applyAsync();
    expect(await done.result.get({ timeout: 20 })).toBe(6);
    const failing = note.s().freeze('errback');
    const swapped = await swap(chain([add.s(1, 2), fail.si()]))
      .linkError(failing.signature)
      .applyAsync();
    await expect(swapped.get({ timeout: 20 })).rejects.toThrow('bad');
    expect(await failing.result.get({ timeout: 20 })).toBe(swapped.id);
    expect(seen.filter(({ name }) => name === 't.note')).toHaveLength(3);
  });

  it('refuses what cannot stand for a task', async () => {
    const { add, note } = tasks;
    const inChord = add.s(1, 2).set({ chord: note.s().toJSON() });
    await expect(valueOf(swap(inChord))).rejects.toThrow('must not be part of a chord');
    await expect(valueOf(swap(chain([])))).rejects.toThrow('an empty chain');
    await expect(localContext('t.swap').replace(add.s(1, 2))).rejects.toThrow('called as a function');
  });
});
