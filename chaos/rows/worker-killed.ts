import type { DeathPoint } from '../children/deaths.js';
import type { Audit } from '../harness/audit.js';
import { atMost, type ChaosRow, type Figure, none, type RowContext, TRANSPORTS } from '../harness/row.js';
import { ChaosSystem } from '../harness/system.js';
import { disturbed, promises } from './disturbed.js';

/** Kills a random worker as a crash would, and starts another in its place. */
const killOne =
  ({ random }: RowContext) =>
  async ({ fleet }: ChaosSystem): Promise<void> => {
    const victim = random.pick(fleet.workers);
    await victim.kill();
    await fleet.replace(victim);
  };

const killedLate = (context: RowContext): Promise<readonly Figure[]> => {
  const [tasks, times] = [context.count(400, 10_000), context.count(4, 50)];
  return disturbed(context, {}, { tasks, times, disturb: killOne(context) }, async (system) => {
    const found = await system.audit();
    return [...promises(found), atMost('extra runs', found.extraRuns, times * system.concurrency)];
  });
};

/** Chains, one after the other, on a worker that kills itself at that point, once for each task. */
async function chainsUnderDeaths(
  { servers, transport }: RowContext,
  dies: DeathPoint,
  chains: number,
  length: number,
): Promise<{ readonly found: Audit; readonly repeated: number }> {
  const system = await ChaosSystem.start(servers, transport, {
    workers: 1,
    concurrency: 1,
    // One message at a time: a death must not cut short what happens to run beside it.
    worker: { prefetchMultiplier: 1 },
    dies,
  });
  try {
    for (let n = 0; n < chains; n += 1) {
      await system.send(() => system.producer.steps(length).applyAsync());
      await system.settled();
    }
    return { found: await system.audit(), repeated: system.ledgerNow().repeated };
  } finally {
    await system.close();
  }
}

/** Between the stored result and the acknowledgement: the redelivery must not run the body again. */
async function killedBeforeAck(context: RowContext): Promise<readonly Figure[]> {
  const { found, repeated } = await chainsUnderDeaths(context, 'before-ack', context.count(4, 100), 2);
  return [
    none('chains that did not go on', found.lost.length),
    none('runs of what was done already', repeated),
    none('untracked', found.untracked.length),
  ];
}

/** Between the next link's publish and the stored result: the next link, sent twice by the same id, counts once. */
async function killedBeforeResult(context: RowContext): Promise<readonly Figure[]> {
  const [chains, length] = [context.count(2, 50), 5];
  const { found, repeated } = await chainsUnderDeaths(context, 'before-result', chains, length);
  // A link that died before its result was stored must run again: once for each death, and each but the last dies.
  return [none('chains lost', found.lost.length), atMost('links run again', repeated, chains * (length - 1))];
}

export const workerKilled: readonly ChaosRow[] = [
  { id: 'F2', title: 'kill -9 during a task, acknowledged late', on: TRANSPORTS, run: killedLate },
  { id: 'F4', title: 'killed between result and acknowledgement', on: TRANSPORTS, run: killedBeforeAck },
  { id: 'F6', title: 'killed between the next link and the result', on: TRANSPORTS, run: killedBeforeResult },
];
