import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../base/index.js';
import { AsyncResult, collect, GroupResult, type ResultBackend } from '../../results/index.js';
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
    name: 'iterate tells of each member when it has ended, and callback of each value',
    run: async (backend, another) => {
      const options = { ...handle, backend: async () => backend };
      const ids = Array.from({ length: 5 }, () => randomUUID());
      const group = new GroupResult<number>(
        randomUUID(),
        ids.map((id) => new AsyncResult<number>(id, options)),
        options,
      );
      assert.equal(await group.waiting(), true);
      const values = new Map<string, unknown>();
      const told = group.get({
        timeout: PATIENCE_MS / 1000,
        propagate: false,
        callback: (id, value) => void values.set(id, value),
      });
      const writer = await another();
      const members = group.iterate({ timeout: PATIENCE_MS / 1000 });
      for (const [n, id] of ids.entries()) {
        await writer.store(n === 2 ? failure(id, 'bad') : success(id, n));
        const { value } = await members.next();
        assert.deepEqual([value?.taskId, value?.status], [id, n === 2 ? 'FAILURE' : 'SUCCESS']);
      }
      assert.equal((await members.next()).done, true);
      assert.equal((await told).length, 5);
      assert.deepEqual([...values.values()].sort(), [0, 1, 3, 4]);
      assert.deepEqual([await group.waiting(), await group.failed()], [false, true]);
    },
  },
  {
    name: 'collect goes on to children, and through the members of groups, where children are kept',
    run: async (backend) => {
      const options = { ...handle, backend: async () => backend };
      const [root, child, group, one, two] = Array.from({ length: 5 }, () => randomUUID()) as [
        string,
        string,
        string,
        string,
        string,
      ];
      const members = [one, two].map((id) => [[id, null], null]);
      await backend.store({ ...success(root, 'root'), children: [[[child, [[root, null], null]], null]] });
      await backend.store({ ...success(child, 'child'), children: [[[group, null], members]] });
      await backend.store(success(one, 1));
      await backend.store(success(two, 2));
      const seen: unknown[] = [];
      for await (const [{ id }, value] of collect(new AsyncResult(root, options))) seen.push([id, value]);
      const all = [
        [root, 'root'],
        [child, 'child'],
        [group, [1, 2]],
        [one, 1],
        [two, 2],
      ];
      assert.deepEqual(seen, backend.capabilities.children ? all : all.slice(0, 1));
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
