import { POISONS, poisoned } from '../harness/poison.js';
import { type ChaosRow, type Figure, none, type RowContext, TRANSPORTS, within } from '../harness/row.js';
import { ChaosSystem } from '../harness/system.js';

/** Every kind of bad message on the platform queue alone, among good ones. */
async function poisonOnMonitor({ servers, transport, count }: RowContext): Promise<readonly Figure[]> {
  const system = await ChaosSystem.start(servers, transport, { workers: 0 });
  try {
    const { app } = system.producer;
    const broker = await app.broker();
    await broker.declare(app.queues);
    const bad = count(1, 70) * POISONS.length;
    const good = count(100, 10_000);
    const sentAt = new Map<string, number>();
    app.signals.on('after_task_publish', ({ id }) => void sentAt.set(id, Date.now()));
    const mix = async (): Promise<void> => {
      for (let n = 0; n < bad; n += 1) {
        const kind = POISONS[n % POISONS.length];
        if (kind === undefined) continue;
        await broker.publish(poisoned(kind), { exchange: '', routingKey: 'platform.fifo' });
      }
    };
    await Promise.all([system.produce(good), mix()]);
    await system.tracked();
    const kept = await system.keptOnMonitor(bad);
    const rows = await system.database.rows<{ id: string; at: Date }>(
      'SELECT task_id AS id, created_date AS at FROM tasks_backgroundtask',
    );
    const delays = rows.flatMap(({ id, at }) => {
      const sent = sentAt.get(id);
      return sent === undefined ? [] : [(at.getTime() - sent) / 1000];
    });
    return [
      none('bad messages that are neither recorded nor in quarantine', bad - kept),
      none('good tasks without a record', (await system.audit()).untracked.length),
      within('longest delay of a good record in seconds', Math.max(0, ...delays), 1),
    ];
  } finally {
    await system.close();
  }
}

export const monitorPoisonRows: readonly ChaosRow[] = [
  { id: 'F21', title: 'poison on the platform queue', on: TRANSPORTS, run: poisonOnMonitor },
];
