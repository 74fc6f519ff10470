import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../base/index.js';
import { AsyncResult, GroupResult, type ResultBackend } from '../../results/index.js';
import { failure, PATIENCE_MS, type ResultBackendCase, started, success } from './result-backends-bench.js';

/** Follows tasks; `next()` resolves with the next ids told. */
function follow(backend: ResultBackend, taskIds: readonly string[]) {
  const ended = new AbortController();
  const patience = setTimeout(() => ended.abort(), PATIENCE_MS);
  const iterator = backend.watch(taskIds, { signal: ended.signal })[Symbol.asyncIterator]();
  return {
    next: async (): Promise<readonly string[]> => {
      const { value, done } = await iterator.next();
      assert.ok(!done, 'nothing was told in time');
      return value;
    },
    end: async (): Promise<void> => {
      clearTimeout(patience);
      ended.abort();
      assert.equal((await iterator.next()).done, true);
    },
  };
}

const handle = { clock: systemClock };

/** What waiting for results promises. */
export const watchingCases: readonly ResultBackendCase[] = [
  {
    name: 'watch tells all ids at first, and ends with the signal',
    run: async (backend) => {
      const ids = [randomUUID(), randomUUID()];
      const watching = follow(backend, ids);
      assert.deepEqual([...(await watching.next())].sort(), [...ids].sort());
      await watching.end();
    },
  },
  {
    name: 'watch tells of what another writer stores',
    run: async (backend, another) => {
      const [quiet, busy] = [randomUUID(), randomUUID()];
      const writer = await another();
      const watching = follow(backend, [quiet, busy]);
      await watching.next();
      await writer.store(success(busy, 1));
      for (let told: readonly string[] = []; !told.includes(busy); ) told = await watching.next();
      assert.equal((await backend.get([busy]))[0]?.status, 'SUCCESS');
      await watching.end();
    },
  },
  {
    name: 'get waits for the value, through STARTED',
    run: async (backend, another) => {
      const id = randomUUID();
      const writer = await another();
      const result = new AsyncResult<number>(id, { ...handle, backend: async () => backend });
      const value = result.get({ timeout: PATIENCE_MS / 1000 });
      await writer.store(started(id));
      await writer.store(success(id, 7));
      assert.equal(await value, 7);
    },
  },
  {
    name: 'a hundred who wait are all told',
    run: async (backend, another) => {
      const ids = Array.from({ length: 100 }, () => randomUUID());
      const writer = await another();
      const waiting = ids.map((id) =>
        new AsyncResult<string>(id, { ...handle, backend: async () => backend }).get({
          timeout: PATIENCE_MS / 1000,
        }),
      );
      await Promise.all(ids.map((id) => writer.store(success(id, `of ${id}`))));
      assert.deepEqual(
        await Promise.all(waiting),
        ids.map((id) => `of ${id}`),
      );
    },
  },
  {
    name: 'a group waits for all its members, in their order',
    run: async (backend, another) => {
      const options = { ...handle, backend: async () => backend };
      const ids = Array.from({ length: 20 }, () => randomUUID());
      const group = new GroupResult<number>(
        randomUUID(),
        ids.map((id) => new AsyncResult<number>(id, options)),
        options,
      );
      const writer = await another();
      const values = group.get({ timeout: PATIENCE_MS / 1000 });
      await Promise.all(ids.toReversed().map((id, n) => writer.store(success(id, n))));
      assert.deepEqual(
        await values,
        ids.map((_, n) => 19 - n),
      );
      assert.deepEqual([await group.completedCount(), await group.ready()], [20, true]);
    },
  },
  {
    name: 'a group rejects with the first failure of a member, the others still running',
    run: async (backend) => {
      const options = { ...handle, backend: async () => backend };
      const [one, two] = [randomUUID(), randomUUID()];
      const group = new GroupResult(
        randomUUID(),
        [one, two].map((id) => new AsyncResult(id, options)),
        options,
      );
      const failed = assert.rejects(group.get({ timeout: PATIENCE_MS / 1000 }), { code: 'TASK_FAILED' });
      await backend.store(failure(two, 'bad'));
      await failed;
    },
  },
];
