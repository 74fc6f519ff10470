import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deferred, silentLogger } from '../../../src/base/index.js';
import { migrateDatabase } from '../../../src/cli/database-admin.js';
import { createDashboard, postgresAccounts } from '../../../src/dashboard/index.js';
import { Celery, Config, chord, createWorker } from '../../../src/index.js';
import { createSyncTasks, postgresDatabase, postgresQuarantine } from '../../../src/platform/index.js';
import { addUsers } from '../../dashboard/support/dashboard.js';
import { execute, freshDatabase } from '../../support/postgres.js';
import { PLACES, until } from '../../system/steering/support/steered-system.js';
import { HISTORY } from './history.js';

/** What attackers put into names and values: it must be read, and do nothing. */
export const XSS = [
  '<img src=x onerror="window.hacked=1">',
  '"><script>window.hacked=1</script>',
  "javascript:window.hacked=1//'",
  '<svg/onload=window.hacked=1>',
  '{{constructor.constructor("window.hacked=1")()}}',
  '\u202Egnp.exe\u202C and \u2066isolated\u2069 \u0000 \u001B[31m',
] as const;

const HUGE = JSON.stringify({
  args: ['x'.repeat(1 << 19), Array.from({ length: 1 << 16 }, (_, n) => n)],
  kwargs: {},
});

/** A whole platform with something of everything to look at, and its dashboard on a port. */
export interface ShownSystem {
  readonly url: string;
  readonly app: Celery;
  readonly ids: Readonly<
    Record<'family' | 'failed' | 'retrying' | 'scheduled' | 'held' | 'foreign' | 'huge' | 'small', string>
  >;
  /** Sends `msg.send`; resolves with its id. */
  send(value: string): Promise<string>;
  /** Resolves when the task has ended well. */
  ended(id: string): Promise<void>;
  rows<R extends Record<string, unknown>>(text: string, ...values: unknown[]): Promise<readonly R[]>;
  close(): Promise<void>;
}

function shownApp(
  brokerUrl: string,
  options: Readonly<Record<string, unknown>>,
  databaseUrl: string,
): Celery {
  return new Celery('cadasta').configFromObject(
    new Config(
      {
        QUEUES: ['export', 'geo', 'msg'],
        broker_url: brokerUrl,
        broker_transport_options: options,
        result_backend: `db+${databaseUrl}`,
        result_extended: true,
        task_track_started: true,
        beat_schedule: {
          'send-digest': { task: 'msg.send', schedule: 600, args: ['digest'] },
          'simplify-nightly': { task: 'geo.simplify', schedule: 86_400, args: ['all'] },
        },
      },
      {},
    ),
  );
}

function addTasks(app: Celery, release: Promise<void>) {
  const page = app.task('export.page', (n: number) => ({ page: n, url: `s3://exports/acme/${n}.shp` }));
  const create = app.task('export.create_result', (parts: unknown[]) => ({ files: parts.length }));
  const project = app.task('export.project', { bind: true }, async (_task, slug: string, pages: number) => {
    await chord(
      Array.from({ length: pages }, (_, n) => page.s(n)),
      create.s().set({ is_result: true }),
    ).applyAsync();
    return slug;
  });
  return {
    project,
    echo: app.task('msg.send', (value: unknown) => value),
    make: app.task('msg.make', (bytes: number) => ({
      text: 'x'.repeat(bytes / 2),
      list: Array.from({ length: bytes / 16 }, (_, n) => n),
    })),
    hold: app.task('geo.hold', async () => {
      await release;
      return 'held';
    }),
    simplify: app.task('geo.simplify', { bind: true, maxRetries: 0 }, (_task, slug: string) => {
      throw new RangeError(`polygon ring 2 of ${slug} is not closed`);
    }),
    fetch: app.task('geo.fetch', { bind: true, maxRetries: 9, defaultRetryDelay: 3600 }, (task) =>
      task.retry({ countdown: 3600 }),
    ),
  };
}

export async function startShownSystem(webRoot: string): Promise<ShownSystem> {
  const closing: (() => Promise<unknown>)[] = [];
  const place = PLACES.find(({ missing }) => missing === undefined) ?? PLACES[0];
  if (place === undefined) throw new Error('no broker can be opened');
  const broker = await place.open();
  closing.push(() => broker.remove());
  const databaseUrl = await freshDatabase();
  await migrateDatabase(databaseUrl);
  await execute(databaseUrl, HISTORY);
  const database = postgresDatabase({ url: databaseUrl, logger: silentLogger });
  closing.push(() => database.close());
  await addUsers(postgresAccounts(database));

  const released = deferred<void>();
  const open = () => {
    const app = shownApp(broker.url, broker.options, databaseUrl);
    closing.push(() => app.close());
    return { app, tasks: addTasks(app, released.promise) };
  };
  const sync = createSyncTasks(open().app, { database });
  await sync.start();
  closing.push(() => sync.stop());
  const worker = createWorker(open().app, {
    queues: ['export', 'geo', 'msg', 'celery'],
    hostname: 'geo@surveyor',
    concurrency: 8,
    quarantine: postgresQuarantine(database),
  });
  await worker.start();
  closing.push(() => worker.stop({ deadlineMs: 0 }));
  closing.push(async () => released.resolve());

  const { app, tasks } = open();
  const sent = {
    family: await tasks.project.delay('acme-survey', 6),
    failed: await tasks.simplify.delay('acme-survey'),
    retrying: await tasks.fetch.delay(),
    scheduled: await tasks.echo.applyAsync({ args: ['later'], countdown: 7200 }),
    held: await tasks.hold.delay(),
    foreign: await tasks.echo.delay({ [XSS[0]]: XSS }),
    huge: await tasks.make.delay(10 << 20),
    small: await tasks.echo.delay('hello'),
  };
  const raw = await app.broker();
  await raw.publish(
    {
      body: new TextEncoder().encode(`{broken ${XSS[0]}`),
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      properties: {},
      headers: { id: 'broken-1', task: XSS[1], root_id: 'broken-1', lang: 'py' },
    },
    { exchange: '', routingKey: 'msg' },
  );
  const rows = async <R extends Record<string, unknown>>(text: string, ...values: unknown[]) => [
    ...(await database.query<R>({ text, values })),
  ];
  await until(
    async () => (await rows('SELECT 1 FROM workertoolbox.quarantine')).length > 0,
    'the quarantined message',
    60_000,
  );
  await until(
    async () =>
      (
        await rows(
          "SELECT 1 FROM celery_taskmeta r JOIN tasks_backgroundtask t USING (task_id) WHERE t.type = 'export.create_result' AND t.task_id NOT LIKE 'h0%' AND status = 'SUCCESS'",
        )
      ).length > 0,
    'the end of the family',
    60_000,
  );

  // Larger than most brokers take: as it would have come through a bucket.
  await until(
    async () =>
      (
        await rows(
          'UPDATE tasks_backgroundtask SET input = $2 WHERE task_id = $1 RETURNING 1',
          sent.huge.id,
          HUGE,
        )
      ).length > 0,
    'the huge task',
  );

  const dashboard = createDashboard({ app: open().app, database: databaseUrl, webRoot });
  const server = createServer(dashboard.handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.close();
    server.closeAllConnections();
    await dashboard.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    app,
    ids: Object.fromEntries(Object.entries(sent).map(([name, { id }]) => [name, id])) as ShownSystem['ids'],
    rows,
    send: async (value) => (await tasks.echo.delay(value)).id,
    ended: async (id) => {
      await until(
        async () =>
          (await rows("SELECT 1 FROM celery_taskmeta WHERE task_id = $1 AND status = 'SUCCESS'", id)).length >
          0,
        id,
      );
    },
    close: async () => {
      for (const close of closing.reverse()) await close().catch(() => undefined);
    },
  };
}
