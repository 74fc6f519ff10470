import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createReconciler, createRelay } from '../../src/platform/index.js';
import { chaosApp } from '../children/chaos-app.js';
import type { HalfPlan } from '../children/plans.js';
import { ChaosProcess } from '../harness/chaos-process.js';
import { type ChaosRow, type Figure, none, type RowContext, TRANSPORTS, within } from '../harness/row.js';
import { ChaosSystem } from '../harness/system.js';

const PATIENCE_MS = 150_000;

/** Producers die between the two copies of their messages, each order: the platform finds out and repairs. */
async function halfSent({ servers, transport, count }: RowContext): Promise<readonly Figure[]> {
  const system = await ChaosSystem.start(servers, transport, { workers: 1 });
  const { app } = chaosApp(system.settings, system.ledgerPath);
  const relay = createRelay(app, { database: system.database.url });
  const reconciler = await createReconciler(app, {
    database: system.database.url,
    lostAfter: 2,
    gapInterval: 1,
    interval: 1,
    republish: true,
  });
  try {
    const kills = count(6, 200);
    const halves = Array.from({ length: kills }, (_, n) => ({
      ids: [randomUUID()],
      first: n % 2 === 0 ? 'platform.fifo' : 'chaos',
    }));
    for (let at = 0; at < kills; at += 4) {
      const some = halves.slice(at, at + 4).map(({ ids, first }) => {
        const plan: HalfPlan = { settings: system.settings, ledger: system.ledgerPath, ids, first };
        return new ChaosProcess('half-producer', plan);
      });
      await Promise.all(some.map((one) => one.ended));
    }
    const ids = halves.flatMap((half) => half.ids);
    system.accepted.push(...ids);
    await Promise.all([relay.start(), reconciler.start()]);
    const from = performance.now();
    const unrecorded = new Set<string>(
      halves.filter(({ first }) => first === 'chaos').flatMap((half) => half.ids),
    );
    const open = async (): Promise<number> => {
      const rows = await system.database.rows<{
        id: string;
        untracked: boolean;
        again: boolean;
        ended: boolean;
      }>(
        `SELECT t.task_id AS id, t.options ? 'untracked' AS untracked, r.status IS NOT NULL AND r.status = 'SUCCESS' AS ended,
          EXISTS (SELECT 1 FROM workertoolbox.outbox o WHERE o.key = 'lost ' || t.task_id AND o.sent IS NOT NULL) AS again
        FROM tasks_backgroundtask t LEFT JOIN celery_taskmeta r ON r.task_id = t.task_id`,
      );
      const good = rows.filter(
        ({ id, untracked, again, ended }) => ended && (unrecorded.has(id) ? untracked : again),
      );
      return ids.length - good.length;
    };
    let left = await open();
    while (left > 0 && performance.now() - from < PATIENCE_MS) {
      await sleep(500);
      left = await open();
    }
    const took = (performance.now() - from) / 1000;
    const found = await system.audit();
    return [
      none('not classified and repaired', left),
      none('extra runs by sending again', found.extraRuns),
      none('lost', found.lost.length),
      within('seconds until all were classified', took, 120),
    ];
  } finally {
    await Promise.all([relay.stop(), reconciler.stop()]);
    await app.close();
    await system.close();
  }
}

export const halfSentRows: readonly ChaosRow[] = [
  { id: 'F24', title: 'producers die between the two copies of a message', on: TRANSPORTS, run: halfSent },
];
