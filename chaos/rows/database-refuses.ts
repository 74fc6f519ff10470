import { setTimeout as sleep } from 'node:timers/promises';
import { tcpProxy } from '../../test/support/tcp-proxy.js';
import type { Database } from '../harness/database.js';
import { atMost, type ChaosRow, type Figure, none, type RowContext, within } from '../harness/row.js';
import { ChaosSystem } from '../harness/system.js';
import { said, says } from '../harness/worker-log.js';
import { promises } from './disturbed.js';

/** Rows of tasks that have ended. */
const ended = (database: Database): Promise<number> =>
  database.count(`celery_taskmeta WHERE status IN ('SUCCESS', 'FAILURE')`);

/** The line to the result database goes dead: nothing is answered, nothing is reset. */
async function halfOpen({ servers, transport, count }: RowContext): Promise<readonly Figure[]> {
  const database = await servers.database();
  const direct = new URL(database.url);
  const proxy = await tcpProxy(direct.hostname, Number(direct.port));
  const through = new URL(direct);
  through.port = String(proxy.port);
  const settings = { result_backend: `db+${through.href}` };
  const system = await ChaosSystem.start(servers, transport, { database, settings });
  try {
    const [tasks, times] = [count(300, 3_000), count(2, 10)];
    const before = system.fleet.workers.map(({ pid }) => pid);
    const producing = system.produce(tasks, () => 40);
    let longest = 0;
    for (let n = 1; n <= times; n += 1) {
      await system.completed((tasks * n) / (times + 2));
      proxy.freeze();
      const from = performance.now();
      const rows = await ended(database);
      while ((await ended(database)) <= rows && performance.now() - from < 30_000) await sleep(50);
      longest = Math.max(longest, (performance.now() - from) / 1000);
    }
    await producing;
    const found = await system.settled();
    const alive = system.fleet.workers.filter(({ pid, running }) => running && before.includes(pid));
    return [
      ...promises(found),
      none('extra runs', found.extraRuns),
      none('workers that died', before.length - alive.length),
      within('seconds until results are stored again', longest, 15),
    ];
  } finally {
    await system.close();
    await proxy.close();
    await database.drop();
  }
}

interface Refusal {
  readonly name: string;
  /** SQLSTATE, as the log must tell it. */
  readonly state: string;
  readonly begin: string;
  readonly end: string;
}

const ROLE = 'chaos_worker';
const GRANTS = `
  CREATE ROLE ${ROLE} LOGIN PASSWORD 'first';
  GRANT SELECT, INSERT, UPDATE ON celery_taskmeta TO ${ROLE};
  GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${ROLE}`;

const cutOff = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${ROLE}'`;

const REFUSALS: readonly Refusal[] = [
  {
    name: 'read-only',
    state: '25006',
    begin: `ALTER ROLE ${ROLE} SET default_transaction_read_only = on; ${cutOff}`,
    end: `ALTER ROLE ${ROLE} RESET default_transaction_read_only; ${cutOff}`,
  },
  {
    name: 'too many connections',
    state: '53300',
    begin: `ALTER ROLE ${ROLE} CONNECTION LIMIT 0; ${cutOff}`,
    end: `ALTER ROLE ${ROLE} CONNECTION LIMIT -1`,
  },
  {
    name: 'password rotated',
    state: '28P01',
    begin: `ALTER ROLE ${ROLE} PASSWORD 'second'; ${cutOff}`,
    end: `ALTER ROLE ${ROLE} PASSWORD 'first'`,
  },
  {
    name: 'table absent',
    state: '42P01',
    begin: 'ALTER TABLE celery_taskmeta RENAME TO celery_taskmeta_away',
    end: 'ALTER TABLE celery_taskmeta_away RENAME TO celery_taskmeta',
  },
];

/** The database answers, and refuses: one reason after the other, each until somebody puts it right. */
async function refuses({ servers, transport, count }: RowContext): Promise<readonly Figure[]> {
  const postgres = await servers.ownPostgres();
  const { database } = postgres;
  await database.rows(GRANTS);
  const url = new URL(database.url);
  [url.username, url.password] = [ROLE, 'first'];
  const settings = { result_backend: `db+${url.href}` };
  const system = await ChaosSystem.start(servers, transport, { database, settings });
  const { ledgerPath } = system;
  try {
    const [tasks, seconds] = [count(400, 4_000), count(3, 20)];
    const producing = system.produce(tasks, () => 40);
    const figures: Figure[] = [];
    for (const [n, { name, state, begin, end }] of REFUSALS.entries()) {
      await system.completed((tasks * (n + 1)) / (REFUSALS.length + 2));
      const told = new RegExp(`result store away.*${state}|${state}.*result store away`);
      const before = said(ledgerPath, told);
      const from = performance.now();
      await database.rows(begin);
      const seen = await says(ledgerPath, told, before, 10_000);
      figures.push(within(`${name}: seconds until it is told`, (performance.now() - from) / 1000, 10));
      figures.push(none(`${name}: not told`, seen ? 0 : 1));
      const { begun } = system.ledgerNow();
      await sleep(seconds * 1000);
      // What was fetched before goes on; nothing else is fetched.
      figures.push(atMost(`${name}: bodies begun meanwhile`, system.ledgerNow().begun - begun, 60));
      await database.rows(end);
      const back = performance.now();
      await system.completed(Math.min(tasks, system.ledgerNow().completed + 20));
      figures.push(within(`${name}: seconds until tasks flow again`, (performance.now() - back) / 1000, 5));
    }
    await producing;
    const found = await system.settled();
    return [...promises(found), none('extra runs', found.extraRuns), ...figures];
  } finally {
    await system.close();
    await postgres.remove();
  }
}

export const databaseRefusesRows: readonly ChaosRow[] = [
  { id: 'F29', title: 'the line to the result database goes dead', on: ['rabbitmq', 'sqs'], run: halfOpen },
  {
    id: 'F30',
    title: 'the result database refuses, for every reason',
    on: ['rabbitmq', 'sqs'],
    run: refuses,
  },
];
