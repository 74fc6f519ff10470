import { createReconciler, type Reconciler } from '../../src/platform/index.js';
import type { StoredFailure } from '../../src/results/index.js';
import type { DeathPoint } from '../children/deaths.js';
import type { Audit } from '../harness/audit.js';
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
import { disturbed, promises } from './disturbed.js';

/** Kills a random worker as a crash would, and starts another in its place. */
const killOne =
  ({ random }: RowContext) =>
  async ({ fleet }: ChaosSystem): Promise<void> => {
    const victim = random.pick(fleet.workers);
    await victim.kill();
    await fleet.replace(victim);
  };

/** Milliseconds since 1970 of a victim's end, by its process. */
type Ends = Map<number, number>;

/**
 * Acknowledged before they run: what ran on a killed worker is lost, once, and on record as that; what it had only taken
 * runs elsewhere.
 */
const killedEarly = (context: RowContext): Promise<readonly Figure[]> => {
  const [tasks, times] = [context.count(400, 10_000), context.count(4, 50)];
  const silence = context.count(6, 30);
  const ends: Ends = new Map();
  let reconciler: Reconciler | undefined;
  const disturb = async (system: ChaosSystem): Promise<void> => {
    reconciler ??= await watching(system, silence);
    const victim = context.random.pick(system.fleet.workers);
    await victim.kill();
    ends.set(victim.pid, Date.now());
    await system.fleet.replace(victim);
  };
  const options = { settings: { task_acks_late: false } };
  return disturbed(context, options, { tasks, times, disturb }, async (system) => {
    try {
      const last = Math.max(...ends.values());
      const found = await system.audit();
      const lost = await lostTasks(system, ends);
      return [
        none('unaccounted', found.lost.length + found.untracked.length),
        atMost('tasks lost', lost.length, times * system.concurrency),
        none('failures that were no loss', lost.filter(({ seconds }) => seconds === undefined).length),
        atMost(
          'seconds from the kill to the failure',
          Math.max(0, ...lost.map((one) => one.seconds ?? 0)),
          60,
        ),
        within('seconds from the last kill until all is accounted for', (Date.now() - last) / 1000, 70),
        none('extra runs', found.extraRuns),
      ];
    } finally {
      await reconciler?.stop();
    }
  });
};

async function watching({ producer, database }: ChaosSystem, silence: number): Promise<Reconciler> {
  const reconciler = await createReconciler(producer.app, { database: database.url, silence, interval: 2 });
  await reconciler.start();
  return reconciler;
}

interface Lost {
  readonly id: string;
  /** From the end of the worker that ran it to its failure; undefined when that is no loss of one of ours. */
  readonly seconds: number | undefined;
}

async function lostTasks({ producer, database }: ChaosSystem, ends: Ends): Promise<readonly Lost[]> {
  const rows = await database.rows<{ id: string }>(
    "SELECT task_id AS id FROM celery_taskmeta WHERE status = 'FAILURE'",
  );
  const metas = (await (await producer.app.backend())?.get(rows.map(({ id }) => id))) ?? [];
  return metas.map(({ taskId: id, result, dateDone }) => {
    const { exc_type, exc_message } = result as StoredFailure;
    const pid = Number(/process (\d+)/.exec(String(exc_message[0]))?.[1]);
    const end = ends.get(pid);
    const known = exc_type === 'WorkerLostError' && end !== undefined && dateDone !== null;
    return { id, seconds: known ? (dateDone.getTime() - end) / 1000 : undefined };
  });
}

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

/** Chords while workers are killed: each body once, with everything its parts came to. */
async function chordsUnderKills(context: RowContext): Promise<readonly Figure[]> {
  const { servers, transport, count } = context;
  const system = await ChaosSystem.start(servers, transport);
  try {
    const [chords, kills, parts] = [count(12, 1_000), count(3, 50), 4];
    const sent = Array.from({ length: chords }, () =>
      system.send(() => system.producer.chordOf(parts, 20).applyAsync()),
    );
    const bodies = await Promise.all(sent);
    for (let n = 1; n <= kills; n += 1) {
      await system.completed(Math.floor((chords * parts * n) / (kills + 1)));
      await killOne(context)(system);
    }
    const { lost } = await system.settled();
    const runs = system.ledgerNow();
    return [
      none('chords whose body was never done', lost.length),
      none('bodies done more than once', bodies.filter((id) => runs.of(id).ends.length > 1).length),
      none('bodies that were not run', bodies.filter((id) => runs.of(id).ends.length === 0).length),
    ];
  } finally {
    await system.close();
  }
}

export const workerKilled: readonly ChaosRow[] = [
  { id: 'F1', title: 'kill -9 during a task, acknowledged early', on: TRANSPORTS, run: killedEarly },
  { id: 'F2', title: 'kill -9 during a task, acknowledged late', on: TRANSPORTS, run: killedLate },
  { id: 'F4', title: 'killed between result and acknowledgement', on: TRANSPORTS, run: killedBeforeAck },
  { id: 'F6', title: 'killed between the next link and the result', on: TRANSPORTS, run: killedBeforeResult },
  { id: 'F65', title: 'chords while workers are killed', on: TRANSPORTS, run: chordsUnderKills },
];
