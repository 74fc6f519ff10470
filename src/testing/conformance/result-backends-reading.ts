import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { failure, metaOf, type ResultBackendCase, started, success } from './result-backends-bench.js';

const VALUES: Readonly<Record<string, unknown>> = {
  null: null,
  false: false,
  zero: 0,
  'an integer beyond 2^53': 2n ** 70n,
  'a fraction': -1.5,
  infinity: Number.POSITIVE_INFINITY,
  'an empty text': '',
  'text of every kind': 'ä 漢 \u{1f30d} \u0000 \u202e end',
  bytes: new Uint8Array([0, 255, 46]),
  'a date': new Date('2026-11-23T01:02:03.456Z'),
  'an empty list': [],
  'nested lists and objects': { a: [1, [2, { b: null }]], '': 'x' },
  'a text that ends like a pickle': 'full stop.',
};

/** What reading promises. */
export const readingCases: readonly ResultBackendCase[] = [
  {
    name: 'a task nobody has written about is PENDING',
    run: async (backend) => {
      const id = randomUUID();
      assert.deepEqual(await metaOf(backend, id), {
        taskId: id,
        status: 'PENDING',
        result: null,
        traceback: null,
        dateDone: null,
      });
    },
  },
  {
    name: 'metas come in the order of the ids, each id as often as asked for',
    run: async (backend) => {
      const [one, two, absent] = [randomUUID(), randomUUID(), randomUUID()];
      await Promise.all([backend.store(success(one, 1)), backend.store(success(two, 2))]);
      const metas = await backend.get([two, absent, one, two]);
      assert.deepEqual(
        metas.map((meta) => [meta.taskId, meta.result]),
        [
          [two, 2],
          [absent, null],
          [one, 1],
          [two, 2],
        ],
      );
      assert.deepEqual(await backend.get([]), []);
    },
  },
  ...Object.entries(VALUES).map(
    ([name, value]): ResultBackendCase => ({
      name: `${name} comes back as it was stored`,
      run: async (backend) => {
        const record = success(randomUUID(), value);
        await backend.store(record);
        const meta = await metaOf(backend, record.taskId);
        assert.equal(meta.status, 'SUCCESS');
        assert.deepEqual(
          value instanceof Uint8Array ? Uint8Array.from(meta.result as Uint8Array) : meta.result,
          value,
        );
      },
    }),
  ),
  {
    name: 'a failure comes back with its type, module, arguments and traceback',
    run: async (backend) => {
      const record = failure(randomUUID(), 'bad', 1, null);
      await backend.store(record);
      const meta = await metaOf(backend, record.taskId);
      assert.deepEqual(meta.result, record.result);
      assert.equal(meta.traceback, record.traceback);
    },
  },
  {
    name: 'the date is set when the task is done, and only then',
    run: async (backend) => {
      const id = randomUUID();
      await backend.store(started(id));
      const running = await metaOf(backend, id);
      assert.deepEqual([running.dateDone, running.result], [null, { pid: 4711, hostname: 'export@here' }]);
      const before = Date.now();
      await backend.store(success(id, 1));
      const done = (await metaOf(backend, id)).dateDone?.getTime() ?? 0;
      assert.ok(done >= before - 1 && done <= Date.now() + 1, `done at ${done}, stored after ${before}`);
    },
  },
  {
    name: 'children come back where the backend keeps them',
    run: async (backend) => {
      const children = [[[randomUUID(), null], null]];
      const record = { ...success(randomUUID(), 1), children };
      await backend.store(record);
      const meta = await metaOf(backend, record.taskId);
      assert.deepEqual(meta.children, backend.capabilities.children ? children : undefined);
    },
  },
  {
    name: 'what is forgotten is PENDING, and forgetting it again is harmless',
    run: async (backend) => {
      const record = success(randomUUID(), 1);
      await backend.store(record);
      await backend.forget(record.taskId);
      await backend.forget(record.taskId);
      assert.equal((await metaOf(backend, record.taskId)).status, 'PENDING');
    },
  },
];
