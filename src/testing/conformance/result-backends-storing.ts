import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { hasCode, OpaqueObject } from '../../base/index.js';
import type { ResultRecord } from '../../results/index.js';
import {
  failure,
  metaOf,
  type ResultBackendCase,
  revoked,
  started,
  success,
  workerLost,
} from './result-backends-bench.js';

/** What each record may replace: the records, and which of them is there in the end. */
const ORDERS: readonly {
  readonly name: string;
  readonly records: (id: string) => readonly ResultRecord[];
  readonly last: number;
}[] = [
  {
    name: 'STARTED of an older delivery does not replace SUCCESS',
    records: (id) => [success(id, 1), started(id)],
    last: 0,
  },
  {
    name: 'RETRY does not replace FAILURE',
    records: (id) => [failure(id, 'first'), { ...failure(id, 'again'), status: 'RETRY' }],
    last: 0,
  },
  {
    name: 'a custom state does not replace SUCCESS',
    records: (id) => [success(id, 1), { ...success(id, { percent: 40 }), status: 'PROGRESS' }],
    last: 0,
  },
  {
    name: 'REVOKED does not replace SUCCESS',
    records: (id) => [success(id, 1), revoked(id)],
    last: 0,
  },
  {
    name: 'a later failure does not replace SUCCESS',
    records: (id) => [success(id, 1), failure(id, 'second run')],
    last: 0,
  },
  {
    name: 'the outcome of a later run replaces FAILURE',
    records: (id) => [failure(id, 'first run'), failure(id, 'second run'), success(id, 2)],
    last: 2,
  },
  {
    name: 'the outcome of a run replaces REVOKED',
    records: (id) => [revoked(id), success(id, 'ran all the same')],
    last: 1,
  },
  {
    name: 'REVOKED does not replace FAILURE',
    records: (id) => [failure(id, 'of the run'), revoked(id, 'terminated')],
    last: 0,
  },
  {
    name: 'the loss of a worker does not replace the failure of a run',
    records: (id) => [failure(id, 'of the run'), workerLost(id)],
    last: 0,
  },
  {
    name: 'the loss of a worker replaces STARTED',
    records: (id) => [started(id), workerLost(id)],
    last: 1,
  },
  {
    name: 'what is not done is replaced by whatever comes',
    records: (id) => [
      { ...failure(id, 'once'), status: 'RETRY' },
      started(id),
      { ...success(id, { percent: 10 }), status: 'PROGRESS' },
    ],
    last: 2,
  },
];

const orderCases = ORDERS.flatMap(({ name, records, last }): readonly ResultBackendCase[] => [
  {
    name: `${name} (one after the other)`,
    run: async (backend) => {
      const id = randomUUID();
      for (const record of records(id)) await backend.store(record);
      const meta = await metaOf(backend, id);
      const expected = records(id)[last];
      assert.deepEqual([meta.status, meta.result], [expected?.status, expected?.result]);
    },
  },
  {
    name: `${name} (all at once)`,
    run: async (backend) => {
      const id = randomUUID();
      await Promise.all(records(id).map((record) => backend.store(record)));
      const meta = await metaOf(backend, id);
      const expected = records(id)[last];
      assert.deepEqual([meta.status, meta.result], [expected?.status, expected?.result]);
    },
  },
]);

/** What storing promises. */
export const storingCases: readonly ResultBackendCase[] = [
  ...orderCases,
  {
    name: 'knows the tasks that were begun and have not ended',
    run: async (backend) => {
      if (backend.started === undefined) return;
      const [open, ended] = [randomUUID(), randomUUID()];
      await backend.store(started(open));
      await backend.store(started(ended));
      await backend.store(success(ended, 1));
      const ids = await backend.started();
      assert.deepEqual([ids.includes(open), ids.includes(ended)], [true, false]);
    },
  },
  {
    name: 'storing the same record again is harmless',
    run: async (backend) => {
      const record = success(randomUUID(), { total: 3 });
      await backend.store(record);
      await backend.store(record);
      assert.deepEqual((await metaOf(backend, record.taskId)).result, { total: 3 });
    },
  },
  {
    name: 'what was stored is seen through another connection',
    run: async (backend, another) => {
      const record = success(randomUUID(), 'here');
      await backend.store(record);
      assert.equal((await metaOf(await another(), record.taskId)).result, 'here');
    },
  },
  {
    name: 'hundreds at once are all stored',
    run: async (backend) => {
      const records = Array.from({ length: 700 }, (_, n) => success(randomUUID(), n));
      await Promise.all(records.map((record) => backend.store(record)));
      const metas = await backend.get(records.map((record) => record.taskId));
      assert.deepEqual(
        metas.map((meta) => meta.result),
        records.map((record) => record.result),
      );
    },
  },
  {
    name: 'a value that cannot be stored is refused; those stored with it are not',
    run: async (backend) => {
      const good = [success(randomUUID(), 1), success(randomUUID(), 2)];
      const bad = success(randomUUID(), { handle: () => undefined });
      const [first, refused, second] = await Promise.allSettled(
        [good[0], bad, good[1]].map((record) => backend.store(record as ResultRecord)),
      );
      assert.deepEqual([first?.status, second?.status], ['fulfilled', 'fulfilled']);
      assert.ok(refused?.status === 'rejected' && hasCode(refused.reason, 'ENCODE_FAILED'));
      const metas = await backend.get([...good.map((record) => record.taskId), bad.taskId]);
      assert.deepEqual(
        metas.map((meta) => meta.status),
        ['SUCCESS', 'SUCCESS', 'PENDING'],
      );
    },
  },
  {
    name: 'what the task does to its value after storing changes nothing',
    run: async (backend) => {
      const value = { list: [1] };
      const record = success(randomUUID(), value);
      const storing = backend.store(record);
      value.list.push(2);
      await storing;
      assert.deepEqual((await metaOf(backend, record.taskId)).result, { list: [1] });
    },
  },
  {
    name: 'a traceback with NUL and half a surrogate pair is stored, readable',
    run: async (backend) => {
      const record = { ...failure(randomUUID(), 'nul \u0000 here'), traceback: 'before \u0000 \ud83d after' };
      await backend.store(record);
      const meta = await metaOf(backend, record.taskId);
      assert.match(meta.traceback ?? '', /^before . . after$/su);
      assert.deepEqual(meta.result, record.result);
    },
  },
  {
    name: 'an object of another language is refused as a value, not rebuilt',
    run: async (backend) => {
      const record = success(randomUUID(), new OpaqueObject('os', 'system', ['id']));
      await assert.rejects(backend.store(record), (error) => hasCode(error, 'ENCODE_FAILED'));
    },
  },
];
