import { setTimeout as sleep } from 'node:timers/promises';
import {
  atMost,
  type ChaosRow,
  type Figure,
  none,
  type RowContext,
  TRANSPORTS,
  within,
} from '../harness/row.js';
import { LEASE_SECONDS } from '../harness/servers.js';
import { ChaosSystem } from '../harness/system.js';
import { disturbed, promises } from './disturbed.js';

/** A worker with one long task under way and ten taken ahead is told to stop. */
async function stoppedWarmly({ servers, transport, count }: RowContext): Promise<readonly Figure[]> {
  const system = await ChaosSystem.start(servers, transport, {
    workers: 1,
    concurrency: 1,
    worker: { prefetchMultiplier: 11 },
  });
  try {
    const seconds = count(4, 20);
    await system.send(() => system.producer.work.delay(0, seconds * 1000));
    await system.begun(1);
    await system.produce(10, () => 1);
    const [first] = system.fleet.workers;
    if (first === undefined) throw new Error('there is a worker');
    // Time for the ten to be taken ahead; nothing depends on it but how hard the row is.
    await sleep(500);
    await system.fleet.grow(1);
    const from = performance.now();
    first.signal('SIGTERM');
    await system.completed(10);
    const elsewhere = (performance.now() - from) / 1000;
    const code = await first.ended;
    const exit = (performance.now() - from) / 1000;
    const found = await system.settled();
    return [
      ...promises(found),
      none('extra runs', found.extraRuns),
      within('seconds until what had not begun is done elsewhere', elsewhere, 2),
      within('seconds from the end of the task to the exit', exit - (seconds - 0.5), 2),
      none('exit code', code ?? -1),
    ];
  } finally {
    await system.close();
  }
}

/** Workers are restarted one after the other under load. */
function rollingRestart(context: RowContext): Promise<readonly Figure[]> {
  const [tasks, times] = [context.count(400, 10_000), context.count(4, 40)];
  let turn = 0;
  const disturb = async ({ fleet }: ChaosSystem): Promise<void> => {
    const old = fleet.workers[turn++ % fleet.workers.length];
    if (old === undefined) return;
    old.signal('SIGTERM');
    await Promise.all([old.ended, fleet.replace(old)]);
  };
  return disturbed(context, {}, { tasks, times, disturb }, async (system) => {
    const found = await system.audit();
    return [...promises(found), none('extra runs', found.extraRuns)];
  });
}

/** A worker is frozen for longer than its leases last, and goes on as if nothing had happened. */
function frozen(context: RowContext): Promise<readonly Figure[]> {
  const [tasks, times] = [context.count(300, 5_000), context.count(2, 50)];
  const disturb = async ({ fleet }: ChaosSystem): Promise<void> => {
    const worker = context.random.pick(fleet.workers);
    worker.signal('SIGSTOP');
    await sleep((LEASE_SECONDS + 2) * 1000);
    worker.signal('SIGCONT');
  };
  return disturbed(context, {}, { tasks, times, disturb }, async (system) => {
    const found = await system.audit();
    return [...promises(found), atMost('extra runs', found.extraRuns, times * system.concurrency)];
  });
}

export const workerStopped: readonly ChaosRow[] = [
  { id: 'F7', title: 'told to stop during a long task', on: TRANSPORTS, run: stoppedWarmly },
  { id: 'F8', title: 'rolling restart under load', on: TRANSPORTS, run: rollingRestart },
  { id: 'F63', title: 'frozen for longer than its leases', on: TRANSPORTS, run: frozen },
];
