import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../harness/database.js';
import { atLeast, type ChaosRow, type Figure, type RowContext, TRANSPORTS } from '../harness/row.js';
import { ChaosSystem } from '../harness/system.js';
import { promises } from './disturbed.js';

/** Statements that write results stay uncommitted for this long (seconds): time enough to be met in between. */
const OPEN_S = 0.15;

const SLOW_WRITES = `
  CREATE FUNCTION slow_write() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(${OPEN_S}); RETURN NULL; END $$;
  CREATE TRIGGER slow_write AFTER INSERT OR UPDATE ON celery_taskmeta FOR EACH STATEMENT EXECUTE FUNCTION slow_write()`;

/** The server's processes that have been sent a result and have not committed it. */
async function writing(database: Database): Promise<readonly number[]> {
  for (;;) {
    const rows = await database.rows<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`,
    );
    if (rows.length > 0) return rows.map(({ pid }) => pid);
    await sleep(5);
  }
}

/** Worker and server process are ended by turns, each time while a result is sent and not committed. */
async function cutWhileWriting({ servers, transport, count }: RowContext): Promise<readonly Figure[]> {
  const system = await ChaosSystem.start(servers, transport, { workers: 1, concurrency: 8 });
  const { database, fleet } = system;
  try {
    await database.rows(SLOW_WRITES);
    const [tasks, times] = [count(240, 4_000), count(10, 200)];
    const producing = system.produce(tasks, () => 5);
    let cut = 0;
    for (let n = 0; n < times && system.ledgerNow().completed < tasks; n += 1) {
      const pids = await writing(database);
      if (n % 2 === 0) {
        await database.rows(`SELECT pg_terminate_backend(pid) FROM unnest(ARRAY[${pids.join()}]) AS pid`);
      } else {
        const [victim] = fleet.workers;
        await victim?.kill();
        if (victim !== undefined) await fleet.replace(victim);
      }
      cut += 1;
    }
    await producing;
    const found = await system.settled();
    return [...promises(found), atLeast('writes cut', cut, times)];
  } finally {
    await system.close();
  }
}

export const resultWriteRows: readonly ChaosRow[] = [
  {
    id: 'F5',
    title: 'worker or database connection is ended while a result is written',
    on: TRANSPORTS,
    run: cutWhileWriting,
  },
];
