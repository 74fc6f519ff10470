import pg from 'pg';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CeleryApp } from '../../../src/app/index.js';
import { deferred, silentLogger } from '../../../src/base/index.js';
import {
  createSyncTasks,
  type Database,
  Ledger,
  migrate,
  postgresDatabase,
  type Recorded,
  type SyncTasks,
} from '../../../src/platform/index.js';
import { resultSchemaSql } from '../../../src/results/postgres/index.js';
import { Config } from '../../../src/toolbox/config/index.js';
import { MemoryHub, memoryTransports } from '../../../src/transports/memory/index.js';
import { DJANGO_TABLES } from '../../support/django-tables.js';
import { execute, freshDatabase } from '../../support/postgres.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function makeApp(): CeleryApp {
  const factory = memoryTransports(new MemoryHub());
  const app = new CeleryApp('export', {
    transports: new Map([['memory', async () => factory]]),
    backends: new Map(),
  }).configFromObject(new Config({ broker_url: 'memory://', result_backend: null, QUEUES: ['export'] }, {}));
  closing.push(() => app.close());
  return app;
}

/** A running service, and a wait for so many handled messages. */
async function running(app: CeleryApp, database: Database, batchSize = 500) {
  let handled = 0;
  let wanted = Number.POSITIVE_INFINITY;
  let reached = deferred();
  const batches: Recorded[] = [];
  const service: SyncTasks = createSyncTasks(app, {
    database,
    batchSize,
    onBatch: (batch) => {
      batches.push(batch);
      handled += batch.tasks + batch.quarantined;
      if (handled >= wanted) reached.resolve();
    },
  });
  await service.start();
  closing.push(() => service.stop());
  return {
    service,
    batches,
    handled: async (count: number) => {
      wanted = count;
      if (handled < wanted) await reached.promise;
      reached = deferred();
    },
  };
}

interface Row {
  task_id: string;
  type: string;
  input: unknown;
  options: Record<string, unknown>;
  [column: string]: unknown;
}

describe.each(['our task table', "Django's task table"])('sync-tasks on %s', (which) => {
  let database: Database;
  let url: string;
  const rows = (): Promise<readonly Row[]> =>
    database.query<Row>({ text: 'SELECT * FROM tasks_backgroundtask ORDER BY task_id' });
  const quarantine = () => database.query({ text: 'SELECT * FROM workertoolbox.quarantine ORDER BY id' });

  beforeAll(async () => {
    url = await freshDatabase();
    if (which.startsWith('Django')) await execute(url, DJANGO_TABLES);
    else await execute(url, resultSchemaSql());
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await migrate(client);
    await client.end();
    database = postgresDatabase({ url, logger: silentLogger });
    return () => database.close();
  });
  afterEach(async () => {
    await execute(url, 'TRUNCATE tasks_backgroundtask, workertoolbox.quarantine');
  });

  it('records what a call asked for, with the platform’s own options', async () => {
    const app = makeApp();
    const { handled } = await running(app, database);
    await app.send({
      task: 'export.project',
      args: ['o', { deep: [1n << 70n, Number.NaN] }],
      kwargs: { name: 'nul \0 and lone \ud800' },
      options: {
        task_id: 'root',
        creator_id: 1,
        related_object_id: 'abc',
        is_result: true,
        expires: 60,
        countdown: 5,
        time_limit: 9,
      },
    });
    await app.send({
      task: 'export.part',
      args: [],
      kwargs: {},
      options: { task_id: 'child', root_id: 'root', parent_id: 'root' },
    });
    await handled(2);
    const [child, root] = await rows();
    expect(root).toMatchObject({
      task_id: 'root',
      type: 'export.project',
      root_id: 'root',
      parent_id: null,
      creator_id: 1,
      related_object_id: 'abc',
      related_content_type_id: null,
      input: {
        args: ['o', { deep: [2 ** 70, { __type__: 'float', __value__: 'nan' }] }],
        kwargs: { name: 'nul ␀ and lone �' },
      },
      options: {
        is_result: true,
        creator_id: 1,
        retries: 0,
        correlation_id: 'root',
        timelimit: [9, null],
        delivery_info: { exchange: 'task_exchange', routing_key: 'export' },
        eta: expect.stringContaining('+00:00'),
        expires: expect.stringContaining('+00:00'),
      },
    });
    expect(root?.id).toMatch(/^[a-km-np-z2-9]{24}$/);
    expect(root?.options).not.toHaveProperty('delivery_tag');
    expect(child).toMatchObject({ parent_id: 'root', root_id: 'root' });
    expect(child?.options).not.toHaveProperty('eta');
  });

  it('comes to the same rows in any order, with repeats and retries', async () => {
    const messages = [
      { task_id: 'r', retries: 0 },
      { task_id: 'p', root_id: 'r', parent_id: 'r', retries: 0 },
      { task_id: 'p', root_id: 'r', parent_id: 'r', retries: 1 },
      { task_id: 'c', root_id: 'r', parent_id: 'p', retries: 0 },
    ];
    const shown = async () =>
      (await rows()).map(({ task_id, type, parent_id, root_id, options }) => [
        task_id,
        type,
        parent_id,
        root_id,
        options.retries,
      ]);
    for (const order of permutations(messages)) {
      const app = makeApp();
      // One row a batch, so that every prefix is committed by itself.
      const { handled, service } = await running(app, database, 1);
      for (const options of [...order, ...order]) {
        await app.send({ task: 'export.x', args: [], kwargs: {}, options });
      }
      await handled(order.length * 2);
      await service.stop();
      expect(await shown()).toEqual([
        ['c', 'export.x', 'p', 'r', 0],
        ['p', 'export.x', 'r', 'r', 1],
        ['r', 'export.x', null, 'r', 0],
      ]);
      await execute(url, 'TRUNCATE tasks_backgroundtask');
    }
  });

  it('sets aside what is no task, and records its neighbours', async () => {
    const app = makeApp();
    const { handled } = await running(app, database);
    const broker = await app.broker();
    await broker.declare(app.queues);
    const raw = (body: string, headers: Record<string, unknown>) =>
      broker.publish(
        {
          body: Buffer.from(body),
          contentType: 'application/json',
          contentEncoding: 'utf-8',
          headers,
          properties: {},
        },
        { exchange: '', routingKey: 'platform.fifo' },
      );
    await raw('{"broken', { task: 'a', id: 'bad-1' });
    await raw('[[], {}]', { task: 'a', id: 'bad-2' });
    await raw('[[], {}, {}]', { task: 'a', id: 'x'.repeat(300) });
    await raw('"hello"', { note: 'nul \0' });
    await app.send({ task: 'export.good', args: [], kwargs: {}, options: { task_id: 'good' } });
    await handled(5);
    expect((await rows()).map((row) => row.task_id)).toEqual(['good']);
    const kept = await quarantine();
    expect(kept.map(({ code }) => code)).toEqual(['decode', 'message', 'message', 'message']);
    expect(kept[0]).toMatchObject({
      queue: 'platform.fifo',
      task_id: 'bad-1',
      task_name: 'a',
      body: Buffer.from('{"broken'),
    });
    expect(await broker.size('platform.fifo')).toBe(0);
  });

  it('takes a whole batch with one statement', async () => {
    const app = makeApp();
    for (let i = 0; i < 300; i += 1) {
      await app.send({
        task: 'export.x',
        args: [i],
        kwargs: {},
        options: { task_id: `t${i}`, root_id: 't0' },
      });
    }
    const { handled, batches } = await running(app, database);
    await handled(300);
    expect((await rows()).length).toBe(300);
    expect(batches.length).toBeLessThan(10);
  });

  it('waits for a database that cannot take rows, loses nothing, and goes on by itself', async () => {
    const app = makeApp();
    const { handled } = await running(app, database);
    await execute(url, 'ALTER TABLE tasks_backgroundtask RENAME TO away');
    for (let i = 0; i < 20; i += 1) {
      await app.send({
        task: 'export.x',
        args: [],
        kwargs: {},
        options: { task_id: `w${i}`, root_id: 'w0' },
      });
    }
    await execute(
      url,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'workertoolbox-platform'",
    );
    await execute(url, 'ALTER TABLE away RENAME TO tasks_backgroundtask');
    await handled(20);
    expect((await rows()).length).toBe(20);
    expect(await quarantine()).toEqual([]);
  });

  it('lets several instances share the work', async () => {
    const app = makeApp();
    const seen: number[] = [];
    const all = deferred();
    const count = 200;
    for (let n = 0; n < 3; n += 1) {
      const service = createSyncTasks(app, {
        database,
        batchSize: 10,
        onBatch: ({ tasks }) => {
          seen.push(tasks);
          if (seen.reduce((sum, part) => sum + part, 0) >= count) all.resolve();
        },
      });
      await service.start();
      closing.push(() => service.stop());
    }
    for (let i = 0; i < count; i += 1) {
      await app.send({
        task: 'export.x',
        args: [],
        kwargs: {},
        options: { task_id: `s${i}`, root_id: 's0' },
      });
    }
    await all.promise;
    expect((await rows()).length).toBe(count);
  });

  it('answers for tasks and families', async () => {
    const app = makeApp();
    const { handled } = await running(app, database);
    const send = (task: string, options: Record<string, unknown>) =>
      app.send({ task, args: [], kwargs: {}, options });
    await send('export.project', { task_id: 'f' });
    await send('export.part', { task_id: 'f1', root_id: 'f', parent_id: 'f' });
    await send('export.zip', { task_id: 'f2', root_id: 'f', parent_id: 'f1', is_result: true });
    await send('celery.chord_unlock', { task_id: 'f3', root_id: 'f' });
    await handled(4);
    const ledger = new Ledger({ database, results: async () => undefined });
    const id = which.startsWith('Django') ? '' : 'id, ';
    const next = which.startsWith('Django') ? '' : "nextval('task_id_sequence'), ";
    const store = (task: string, status: string) =>
      execute(
        url,
        `INSERT INTO celery_taskmeta (${id}task_id, status, date_done) VALUES (${next}'${task}', '${status}', '2026-11-23 10:00:00Z')
         ON CONFLICT (task_id) DO UPDATE SET status = EXCLUDED.status`,
      );
    expect([await ledger.status('f'), await ledger.status('never')]).toEqual(['PENDING', undefined]);
    expect(await ledger.overallStatus('f1')).toBe('PENDING');
    await store('f', 'SUCCESS');
    expect(await ledger.overallStatus('f2')).toBe('STARTED');
    await store('f1', 'SUCCESS');
    await store('f2', 'SUCCESS');
    const family = await ledger.family('f2');
    expect(family).toMatchObject({ rootId: 'f', status: 'SUCCESS' });
    expect(
      family?.members.map(({ taskId, parentId, isResult, done }) => [
        taskId,
        parentId,
        isResult,
        done?.toISOString(),
      ]),
    ).toEqual([
      ['f', null, false, '2026-11-23T10:00:00.000Z'],
      ['f1', 'f', false, '2026-11-23T10:00:00.000Z'],
      ['f2', 'f1', true, '2026-11-23T10:00:00.000Z'],
    ]);
    await store('f1', 'FAILURE');
    expect(await ledger.overallStatus('f')).toBe('FAILURE');
    expect(await ledger.family('never')).toBeUndefined();
  });
});

it('keeps a task whose creator the platform does not know', async () => {
  const url = await freshDatabaseWithDjango();
  const database = postgresDatabase({ url, logger: silentLogger });
  const app = makeApp();
  const { handled } = await running(app, database);
  await app.send({ task: 'export.x', args: [], kwargs: {}, options: { task_id: 'a', creator_id: 999 } });
  await app.send({ task: 'export.x', args: [], kwargs: {}, options: { task_id: 'b', creator_id: 1 } });
  await handled(2);
  const rows = await database.query({
    text: 'SELECT task_id, creator_id, options FROM tasks_backgroundtask ORDER BY task_id',
  });
  expect(rows).toMatchObject([
    { task_id: 'a', creator_id: null, options: { creator_id: 999 } },
    { task_id: 'b', creator_id: 1 },
  ]);
  closing.unshift(() => database.close());
});

it('says what to do when there is no task table', async () => {
  const database = postgresDatabase({ url: await freshDatabase(), logger: silentLogger });
  closing.unshift(() => database.close());
  const service = createSyncTasks(makeApp(), { database });
  await expect(service.start()).rejects.toMatchObject({
    code: 'STORE_REFUSED',
    message: expect.stringContaining('migrate'),
  });
  expect(service.state).toBe('failed');
});

async function freshDatabaseWithDjango(): Promise<string> {
  const url = await freshDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(DJANGO_TABLES);
  await migrate(client);
  await client.end();
  return url;
}

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(index, 1))) yield [item, ...rest];
  }
}
