import { setTimeout as sleep } from 'node:timers/promises';
import { usageOf } from '../../bench/harness/process-tree.js';
import { atMost, type ChaosRow, type Figure, type RowContext, TRANSPORTS } from '../harness/row.js';
import { ChaosSystem } from '../harness/system.js';

const CONCURRENCY = 4;
const MULTIPLIER = 4;

/** A slow worker before a long queue: it takes no more than it may, and does not grow. */
async function backlog({ servers, transport, count }: RowContext): Promise<readonly Figure[]> {
  const system = await ChaosSystem.start(servers, transport, {
    workers: 1,
    concurrency: CONCURRENCY,
    worker: { prefetchMultiplier: MULTIPLIER },
  });
  try {
    const [worker] = system.fleet.workers;
    if (worker === undefined) throw new Error('there is a worker');
    await system.produce(64, () => 1);
    await system.completed(64);
    const before = usageOf(worker.pid).rssMb;
    const tasks = count(2_000, 100_000);
    await system.produce(tasks, () => 50);
    let taken = 0;
    let rss = before;
    for (let look = 0; look < count(20, 200); look += 1) {
      await sleep(100);
      const waiting = await (await system.producer.app.broker()).size('chaos');
      const done = system.ledgerNow().completed - 64;
      taken = Math.max(taken, tasks - waiting - done);
      rss = Math.max(rss, usageOf(worker.pid).rssMb);
    }
    return [
      // A task that ends between the two looks counts for both.
      atMost('messages taken ahead', taken, CONCURRENCY * MULTIPLIER + CONCURRENCY),
      atMost('growth of the worker in MiB', rss - before, 50),
    ];
  } finally {
    await system.close();
  }
}

export const backlogRows: readonly ChaosRow[] = [
  { id: 'F13', title: 'a slow worker and a long queue', on: TRANSPORTS, run: backlog },
];
