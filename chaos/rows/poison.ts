import { existsSync } from 'node:fs';
import { usageOf } from '../../bench/harness/process-tree.js';
import { CANARY, POISONS, type Poison, poisoned } from '../harness/poison.js';
import {
  atMost,
  type ChaosRow,
  type Figure,
  none,
  type RowContext,
  TRANSPORTS,
  within,
} from '../harness/row.js';
import { ChaosSystem } from '../harness/system.js';
import { promises } from './disturbed.js';

/** Bad messages of one row's kinds among good ones, on the work queue and on the platform queue. */
async function poison(row: string, { servers, transport, count }: RowContext): Promise<readonly Figure[]> {
  const kinds = POISONS.filter((one) => one.row === row);
  const system = await ChaosSystem.start(servers, transport);
  try {
    const before = system.fleet.workers.map(({ pid }) => usageOf(pid).rssMb);
    const pids = system.fleet.workers.map(({ pid }) => pid);
    const bad = count(10, 1_000) * kinds.length;
    const sending = [system.produce(count(200, 10_000)), mixIn(system, kinds, bad)];
    await Promise.all(sending);
    const found = await system.settled();
    const kept = await system.kept(bad);
    const growth = system.fleet.workers.map(({ pid }, n) => usageOf(pid).rssMb - (before[n] ?? 0));
    return [
      ...promises(found),
      none('extra runs', found.extraRuns),
      none('bad messages that are not in quarantine', bad - kept.work),
      none('bad copies that are neither recorded nor in quarantine', bad - kept.platform),
      none(
        'workers that ended',
        system.fleet.workers.filter(({ pid, running }) => !running || !pids.includes(pid)).length,
      ),
      none('calls made by a pickle', existsSync(CANARY) ? 1 : 0),
      within('longest silence among the good in seconds', system.ledgerNow().longestSilence / 1000, 1),
      atMost('growth of a worker in MiB', Math.max(...growth), 80),
    ];
  } finally {
    await system.close();
  }
}

async function mixIn(system: ChaosSystem, kinds: readonly Poison[], total: number): Promise<void> {
  const { app } = system.producer;
  const broker = await app.broker();
  await broker.declare(app.queues);
  for (let n = 0; n < total; n += 1) {
    const kind = kinds[n % kinds.length];
    if (kind !== undefined) {
      await broker.publish(poisoned(kind), { exchange: 'task_exchange', routingKey: 'chaos' });
    }
  }
}

const ROW_TITLES: Readonly<Record<string, string>> = {
  F47: 'bodies that are broken',
  F48: 'bodies in no encoding',
  F49: 'content types and compressions nobody knows',
  F50: 'pickles that call',
  F52: 'bodies nested too deep',
  F57: 'bodies of another shape',
  F58: 'headers that are missing or wrong',
  F59: 'bodies that expand without end',
};

export const poisonRows: readonly ChaosRow[] = Object.entries(ROW_TITLES).map(([id, title]) => ({
  id,
  title,
  on: TRANSPORTS,
  run: (context) => poison(id, context),
}));
