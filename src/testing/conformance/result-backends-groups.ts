import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../base/index.js';
import { AsyncResult, GroupResult } from '../../results/index.js';
import type { ResultBackendCase } from './result-backends-bench.js';

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
    name: 'a group nobody saved is undefined',
    run: async (backend) => {
      assert.equal(await backend.getGroup(randomUUID()), undefined);
    },
  },
];
