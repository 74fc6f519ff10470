import { setTimeout as sleep } from 'node:timers/promises';
import { type ChaosRow, type Figure, none, type RowContext, TRANSPORTS, within } from '../harness/row.js';
import { ChaosSystem } from '../harness/system.js';
import { promises } from './disturbed.js';

/** The database is stopped while tasks run, and comes back. */
async function outage({ servers, transport, count }: RowContext): Promise<readonly Figure[]> {
  const postgres = await servers.ownPostgres();
  const system = await ChaosSystem.start(servers, transport, { database: postgres.database });
  try {
    const [tasks, seconds] = [count(600, 10_000), count(8, 60)];
    const producing = system.produce(tasks);
    await system.completed(tasks / 4);
    await postgres.stop();
    await sleep(seconds * 1000);
    await postgres.start();
    const back = performance.now();
    const before = system.ledgerNow().completed;
    await system.completed(Math.min(tasks, before + 50));
    const recovery = (performance.now() - back) / 1000;
    await producing;
    const found = await system.settled();
    return [
      ...promises(found),
      none('extra runs', found.extraRuns),
      within('seconds until tasks flow again', recovery, 5),
    ];
  } finally {
    await system.close();
    await postgres.remove();
  }
}

/** Connections are cut by the server at any moment, also while it commits. */
async function cut({ servers, transport, random, count }: RowContext): Promise<readonly Figure[]> {
  const system = await ChaosSystem.start(servers, transport);
  try {
    const [tasks, times] = [count(400, 10_000), count(20, 500)];
    const producing = system.produce(tasks);
    for (let n = 1; n <= times; n += 1) {
      await system.completed(Math.floor((tasks * n * 0.9) / times));
      await sleep(random.whole(0, 20));
      await system.database.rows(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
    }
    await producing;
    const found = await system.settled();
    return [...promises(found), none('extra runs', found.extraRuns)];
  } finally {
    await system.close();
  }
}

/** Somebody holds a lock on the result table: statements time out, messages and heartbeats go on. */
async function locked({ servers, transport, count }: RowContext): Promise<readonly Figure[]> {
  const system = await ChaosSystem.start(servers, transport);
  try {
    const [tasks, seconds] = [count(300, 5_000), count(14, 30)];
    const producing = system.produce(tasks);
    await system.completed(tasks / 4);
    await system.database.rows(
      `DO $$ BEGIN LOCK TABLE celery_taskmeta; PERFORM pg_sleep(${seconds}); END $$`,
    );
    await producing;
    const found = await system.settled();
    return [...promises(found), none('extra runs', found.extraRuns)];
  } finally {
    await system.close();
  }
}

export const databaseRows: readonly ChaosRow[] = [
  { id: 'F26', title: 'the database is away while tasks run', on: TRANSPORTS, run: outage },
  { id: 'F27', title: 'the result table is locked', on: ['rabbitmq', 'sqs'], run: locked },
  { id: 'F28', title: 'database connections are cut', on: TRANSPORTS, run: cut },
];
