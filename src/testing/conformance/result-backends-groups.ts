import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../base/index.js';
import { AsyncResult, GroupResult } from '../../results/index.js';
import { type ResultBackendCase, success } from './result-backends-bench.js';

/** What saved groups promise. */
export const groupCases: readonly ResultBackendCase[] = [
  {
    name: 'a saved group is restored with its members, in order',
    run: async (backend) => {
      const options = { clock: systemClock, backend: async () => backend };
      const members = Array.from({ length: 3 }, () => new AsyncResult(randomUUID(), options));
      const group = new GroupResult(randomUUID(), members, options);
      await group.save();
      await group.save();
      const restored = await GroupResult.restore(group.id, options);
      assert.deepEqual(restored?.asTuple(), group.asTuple());
    },
  },
  {
    name: 'a deleted group is restored no more, its results stay',
    run: async (backend) => {
      const options = { clock: systemClock, backend: async () => backend };
      const member = new AsyncResult(randomUUID(), options);
      const group = new GroupResult(randomUUID(), [member], options);
      await backend.store(success(member.id, 1));
      await group.save();
      await group.delete();
      await group.delete();
      assert.equal(await GroupResult.restore(group.id, options), undefined);
      assert.equal(await member.get(), 1);
    },
  },
  {
    name: 'a group nobody saved is undefined',
    run: async (backend) => {
      assert.equal(await backend.getGroup(randomUUID()), undefined);
    },
  },
];
