import type { SyncPlan } from '../children/plans.js';
import { ChaosProcess } from '../harness/chaos-process.js';
import { type ChaosRow, type Figure, none, type RowContext, TRANSPORTS } from '../harness/row.js';
import { ChaosSystem } from '../harness/system.js';

const planOf = (system: ChaosSystem, more: Partial<SyncPlan>): SyncPlan => ({
  settings: system.settings,
  ledger: system.ledgerPath,
  database: system.database.url,
  batchSize: 20,
  ...more,
});

async function figures(system: ChaosSystem): Promise<readonly Figure[]> {
  const { untracked } = await system.audit();
  const rows = await system.database.count('tasks_backgroundtask');
  const waiting = await (await system.producer.app.broker()).size('chaos');
  return [
    none('untracked', untracked.length),
    none('rows too many', rows - system.accepted.length),
    none('growth of the work queue', waiting - system.accepted.length),
  ];
}

/** A recorder dies again and again between the commit of a batch and its acknowledgement. */
async function killedAfterCommit({ servers, transport, count }: RowContext): Promise<readonly Figure[]> {
  const system = await ChaosSystem.start(servers, transport, { workers: 0, recorder: false });
  try {
    const deaths = count(4, 200);
    await system.produce(deaths * 10);
    for (let n = 0; n < deaths; n += 1) {
      await new ChaosProcess('sync-tasks', planOf(system, { diesAfter: 1 })).ended;
    }
    const last = new ChaosProcess('sync-tasks', planOf(system, {}));
    await system.tracked();
    await last.kill();
    return await figures(system);
  } finally {
    await system.close();
  }
}

/** Several recorders share the queue, and are killed at any moment. */
async function several({ servers, transport, random, count }: RowContext): Promise<readonly Figure[]> {
  const system = await ChaosSystem.start(servers, transport, { workers: 0, recorder: false });
  const start = (): ChaosProcess => new ChaosProcess('sync-tasks', planOf(system, {}));
  const recorders = [start(), start(), start()];
  try {
    const kills = count(3, 50);
    for (let n = 0; n < kills; n += 1) {
      await system.produce(count(100, 200));
      const at = random.whole(0, recorders.length - 1);
      await recorders[at]?.kill();
      recorders[at] = start();
    }
    await system.tracked();
    return await figures(system);
  } finally {
    await Promise.all(recorders.map((one) => one.kill()));
    await system.close();
  }
}

/** Five recorders, and every copy comes twice. */
async function twice({ servers, transport, count }: RowContext): Promise<readonly Figure[]> {
  const system = await ChaosSystem.start(servers, transport, { workers: 0, recorder: false });
  const recorders = Array.from({ length: 5 }, () => new ChaosProcess('sync-tasks', planOf(system, {})));
  try {
    const broker = await system.producer.app.broker();
    const copies: Promise<void>[] = [];
    system.producer.app.signals.on('after_task_publish', ({ message }) => {
      copies.push(broker.publish(message, { exchange: '', routingKey: 'platform.fifo' }));
    });
    await system.produce(count(300, 10_000));
    await Promise.all(copies);
    await system.tracked();
    return await figures(system);
  } finally {
    await Promise.all(recorders.map((one) => one.kill()));
    await system.close();
  }
}

export const trackingRows: readonly ChaosRow[] = [
  {
    id: 'F16',
    title: 'sync-tasks dies between commit and acknowledgement',
    on: TRANSPORTS,
    run: killedAfterCommit,
  },
  {
    id: 'F17',
    title: 'sync-tasks is killed with messages in hand, three instances',
    on: TRANSPORTS,
    run: several,
  },
  { id: 'F18', title: 'five recorders, every message twice', on: TRANSPORTS, run: twice },
];
