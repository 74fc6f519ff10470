import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { newId, silentLogger } from '../../../src/base/index.js';
import { migrateDatabase } from '../../../src/cli/database-admin.js';
import {
  createDashboard,
  type Dashboard,
  hashPassword,
  postgresAccounts,
} from '../../../src/dashboard/index.js';
import { Celery } from '../../../src/index.js';
import { postgresDatabase } from '../../../src/platform/index.js';
import { execute, freshDatabase } from '../../support/postgres.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { describeRabbitmq } from '../../support/rabbitmq.js';
import { PythonCelery, type Running } from '../control/python.js';

const WORKER = 'py@here';
const PASSWORD = 'correct horse battery';
const GOOD = newId();
const BAD = newId();
const NEVER = newId();
const python = celeryPython();
const databaseUrl = await freshDatabase();

/** [method, path, body]: what Flower's clients send. GOOD succeeded, BAD failed, NEVER was sent to a queue nobody reads. */
const CALLS: readonly (readonly [string, string, (string | undefined)?])[] = [
  ['GET', '/api/workers'],
  ['GET', `/api/workers?workername=${WORKER}`],
  ['GET', `/api/workers?refresh=1&workername=${WORKER}`],
  ['GET', '/api/workers?status=1'],
  ['GET', '/api/workers?workername=none@here'],
  ['GET', '/api/tasks'],
  ['GET', '/api/tasks?limit=1&sort_by=-received'],
  ['GET', '/api/tasks?taskname=peer.add&state=SUCCESS&limit=1&offset=0'],
  ['GET', `/api/tasks?workername=${WORKER}&limit=1&sort_by=name`],
  ['GET', '/api/tasks?sort_by=bogus'],
  ['GET', '/api/tasks?received_start=yesterday'],
  ['GET', '/api/tasks?limit=x'],
  ['GET', '/api/task/types'],
  ['GET', `/api/task/info/${GOOD}`],
  ['GET', `/api/task/info/${BAD}`],
  ['GET', '/api/task/info/none'],
  ['GET', `/api/task/result/${GOOD}`],
  ['GET', `/api/task/result/${BAD}?timeout=1`],
  ['GET', `/api/task/result/${NEVER}`],
  ['GET', '/api/queues/length'],
  ['POST', '/api/task/async-apply/peer.add', '{"args": [1, 2]}'],
  ['POST', '/api/task/send-task/peer.add', '{"args": [1, 2]}'],
  ['POST', '/api/task/apply/peer.add', '{"args": [1, 2], "timeout": 20}'],
  ['POST', '/api/task/async-apply/no.such', '{"args": [1, 2]}'],
  ['POST', '/api/task/async-apply/peer.add', '[1]'],
  ['POST', '/api/task/async-apply/peer.add', '{"args": "x"}'],
  ['POST', '/api/task/async-apply/peer.add', '{"args": [1, 2], "eta": "tomorrow"}'],
  ['POST', `/api/task/revoke/${NEVER}`],
  ['POST', `/api/task/timeout/peer.add?workername=${WORKER}&soft=50&hard=60`],
  ['POST', `/api/task/rate-limit/peer.add?workername=${WORKER}&ratelimit=100/s`],
  ['POST', `/api/task/rate-limit/peer.add?workername=none@here&ratelimit=100/s`],
  ['POST', `/api/task/rate-limit/no.such?workername=${WORKER}&ratelimit=100/s`],
  ['POST', `/api/task/rate-limit/peer.add?workername=${WORKER}`],
  ['POST', `/api/worker/pool/grow/${WORKER}?n=1`],
  ['POST', `/api/worker/pool/shrink/${WORKER}?n=1`],
  ['POST', `/api/worker/pool/autoscale/${WORKER}?max=3`],
  ['POST', `/api/worker/pool/autoscale/${WORKER}?min=1&max=3`],
  ['POST', `/api/worker/pool/restart/${WORKER}`],
  ['POST', `/api/worker/queue/add-consumer/${WORKER}?queue=more`],
  ['POST', `/api/worker/queue/cancel-consumer/${WORKER}?queue=more`],
  ['POST', '/api/worker/shutdown/none@here'],
  ['GET', '/healthcheck'],
];

/** Keys at the top (a task's `worker` is there in Flower once it is known), and those of each entry where the top is keyed by ids or names. */
function shape(text: string, path: string): unknown {
  if (!text.startsWith('{')) return 'text';
  const value = JSON.parse(text) as Record<string, unknown>;
  const keyed = /^\/api\/(tasks|workers)/.test(path) && !('error' in value);
  if (!keyed) return Object.keys(value).sort();
  const inner = Object.values(value).map((one) =>
    typeof one === 'object' && one !== null
      ? Object.keys(one)
          .filter((key) => key !== 'worker')
          .sort()
      : typeof one,
  );
  return [...new Set(inner.map((keys) => JSON.stringify(keys)))].sort();
}

describeRabbitmq(`Flower's paths beside Flower${python ? '' : ` (${NO_PYTHON})`}`, (vhost) => {
  if (python === undefined) return;
  let worker: Running;
  let flower: Running;
  let dashboard: Dashboard;
  let server: Server;
  let app: Celery;
  let flowerUrl: string;
  let oursUrl: string;

  beforeAll(async () => {
    const { url } = vhost();
    await migrateDatabase(databaseUrl);
    process.env.PEER_BACKEND = `db+${databaseUrl.replace('postgresql:', 'postgresql+psycopg2:')}`;
    const celery = new PythonCelery(python, { url });
    const port = await freePort();
    flowerUrl = `http://127.0.0.1:${port}`;
    worker = celery.start('worker', '-n', WORKER, '-Q', 'peer-tasks', '-c', '2', '-E', '-l', 'info');
    flower = celery.start(
      'flower',
      '--address=127.0.0.1',
      `--port=${port}`,
      `--basic-auth=admin:${PASSWORD}`,
      `--broker-api=${managementOf()}`,
    );
    app = new Celery('peer').configFromObject({
      broker_url: url,
      result_backend: `db+${databaseUrl}`,
      task_default_queue: 'peer-tasks',
      task_send_sent_event: true,
    });
    app.task('peer.add', (x: number, y: number) => x + y);
    app.task('peer.fail', (text: string) => text);
    dashboard = createDashboard({ app, database: databaseUrl });
    server = createHttpServer(dashboard.handler).listen(0, '127.0.0.1');
    await once(server, 'listening');
    oursUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const database = postgresDatabase({ url: databaseUrl, logger: silentLogger, connections: 1 });
    await postgresAccounts(database).put({
      kind: 'user',
      name: 'admin',
      role: 'admin',
      secret: await hashPassword(PASSWORD),
      created: new Date().toISOString(),
    });
    await database.close();
    await Promise.all([worker.line(/ready/), flower.line(/Visit me/)]);
    await vi.waitFor(
      async () => expect((await send(flowerUrl, 'GET', '/api/workers?refresh=1')).text).toContain(WORKER),
      20_000,
    );
    // What sync-tasks records of a message.
    await execute(
      databaseUrl,
      ...[
        [GOOD, 'peer.add'],
        [BAD, 'peer.fail'],
        [NEVER, 'peer.add'],
      ].map(
        ([id, name]) =>
          `INSERT INTO tasks_backgroundtask (id, task_id, type, input, options, root_id) VALUES
            ('${id?.slice(0, 8)}', '${id}', '${name}', '{"args": [1, 2], "kwargs": {}}', '{}', '${id}')`,
      ),
    );
    await app.send({ task: 'peer.add', args: [1, 2], kwargs: {}, options: { task_id: GOOD } });
    await app.send({ task: 'peer.fail', args: ['no'], kwargs: {}, options: { task_id: BAD } });
    await app.send({
      task: 'peer.add',
      args: [1, 2],
      kwargs: {},
      options: { task_id: NEVER, countdown: 3000 },
    });
    await vi.waitFor(async () => {
      for (const id of [GOOD, BAD]) {
        expect((await send(flowerUrl, 'GET', `/api/task/info/${id}`)).text).toMatch(/SUCCESS|FAILURE/);
        expect((await send(oursUrl, 'GET', `/api/task/info/${id}`)).text).toMatch(/SUCCESS|FAILURE/);
      }
      expect((await send(oursUrl, 'GET', '/api/workers?status=1')).text).toContain(WORKER);
    }, 20_000);
  }, 90_000);
  afterAll(async () => {
    delete process.env.PEER_BACKEND;
    server.closeAllConnections();
    server.close();
    await dashboard.close();
    await app.close();
    await Promise.all([worker.stop(), flower.stop()]);
  }, 40_000);

  /** Where Flower asks for the lengths of queues: its client insists on a path. */
  const managementOf = (): string => {
    const api = new URL(process.env.WORKERTOOLBOX_TEST_AMQP_API ?? '');
    api.username = 'guest';
    api.password = 'guest';
    return `${api.href.replace(/\/$/, '')}/api/`;
  };
  const send = async (base: string, method: string, path: string, body?: string) => {
    const response = await fetch(base + path, {
      method,
      headers: { authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}` },
      ...(body !== undefined && { body }),
    });
    return { status: response.status, text: await response.text() };
  };

  it.each(CALLS)('%s %s', async (method = '', path = '', body = undefined) => {
    const theirs = await send(flowerUrl, method, path, body);
    const ours = await send(oursUrl, method, path, body);
    expect({ status: ours.status, shape: shape(ours.text, path), ours: ours.text.slice(0, 300) }).toEqual({
      status: theirs.status,
      shape: shape(theirs.text, path),
      ours: expect.anything() as unknown,
    });
  });

  it('answers 401 to who is not signed in, as Flower does', async () => {
    for (const path of ['/api/tasks', '/api/workers', '/api/queues/length'])
      expect((await fetch(oursUrl + path)).status).toBe((await fetch(flowerUrl + path)).status);
  });

  it('has Flower’s metrics with its labels', async () => {
    const families = (text: string): string[] =>
      [...text.matchAll(/^# TYPE (flower_\w+) (\w+)/gm)]
        .map(([, name, type]) => `${name} ${type}`)
        .filter((one) => !one.includes('_created'))
        .sort();
    const labels = (text: string, name: string): string[] =>
      [...(new RegExp(`^${name}\\{([^}]*)\\}`, 'm').exec(text)?.[1] ?? '').matchAll(/(\w+)=/g)]
        .map(([, label = '']) => label)
        .sort();
    const theirs = (await send(flowerUrl, 'GET', '/metrics')).text;
    const ours = (await send(oursUrl, 'GET', '/metrics')).text;
    expect(families(ours)).toEqual(families(theirs));
    for (const name of [
      'flower_events_total',
      'flower_task_runtime_seconds_bucket',
      'flower_task_prefetch_time_seconds',
      'flower_worker_prefetched_tasks',
      'flower_worker_online',
      'flower_worker_number_of_currently_executing_tasks',
    ])
      expect({ name, labels: labels(ours, name) }).toEqual({ name, labels: labels(theirs, name) });
    const bounds = (text: string): string[] => [
      ...new Set([...text.matchAll(/le="([^"]+)"/g)].map(([, le]) => String(Number(le)))),
    ];
    expect(bounds(ours)).toEqual(bounds(theirs));
  });

  it('shuts a worker down', async () => {
    const { status, text } = await send(oursUrl, 'POST', `/api/worker/shutdown/${WORKER}`);
    expect([status, text]).toEqual([200, '{"message":"Shutting down!"}']);
    await vi.waitFor(() => expect(worker.child.exitCode).toBe(0), 20_000);
  });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
