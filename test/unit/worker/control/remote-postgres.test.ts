import pg from 'pg';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Logger } from '../../../../src/base/index.js';
import { grantBusSql } from '../../../../src/bus/postgres/index.js';
import { migrationsSql } from '../../../../src/platform/index.js';
import { createControl, type ReceivedEvent, receiveEvents } from '../../../../src/remote/index.js';
import { Celery } from '../../../../src/toolbox/index.js';
import { createWorker, type Worker, type WorkerOptions } from '../../../../src/worker/index.js';
import { execute, freshDatabase, uniqueName } from '../../../support/postgres.js';

const database = await freshDatabase();
const bare = await freshDatabase();
const role = uniqueName('remote');
const NODE = 'pg@here';
const closing: (() => Promise<unknown>)[] = [];

/** The database as a role that may use the bus, and nothing else. */
const asRole = (): string => {
  const url = new URL(database);
  url.username = role;
  url.password = 'sesame';
  return url.href;
};

beforeAll(async () => {
  await execute(database, migrationsSql(), `CREATE ROLE ${role} LOGIN PASSWORD 'sesame'`, grantBusSql(role));
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Line {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

function recorder(lines: Line[]): Logger {
  const note = (fields: object, message: string): void => void lines.push({ fields: { ...fields }, message });
  const logger: Logger = {
    debug: () => {},
    info: note,
    warn: note,
    error: note,
    fatal: note,
    child: () => logger,
  };
  return logger;
}

function appOn(url: string | undefined, lines: Line[] = []): Celery {
  const app = new Celery('pg', {
    logger: recorder(lines),
    settings: {
      broker_url: 'memory://',
      result_backend: 'cache+memory://',
      ...(url && { CONTROL_DB_URL: url }),
    },
  });
  app.task('pg.add', (x: number, y: number) => x + y);
  closing.push(() => app.close());
  return app;
}

async function started(app: Celery, options: WorkerOptions = {}): Promise<Worker> {
  const worker = createWorker(app, { hostname: NODE, ...options });
  await worker.start();
  closing.push(() => worker.stop({ deadlineMs: 0 }));
  return worker;
}

describe('remote control through PostgreSQL', () => {
  it('commands a worker of another program, and tells it who does', async () => {
    const lines: Line[] = [];
    const worker = await started(appOn(asRole(), lines));
    const control = createControl(appOn(database));
    const only = { destination: [NODE], timeout: 5 };
    expect(await control.ping(only)).toEqual({ [NODE]: { ok: 'pong' } });
    expect(await control.rateLimit('pg.add', '1/m', only)).toEqual({
      [NODE]: { ok: 'new rate limit set successfully' },
    });
    const { message } = lines.find(({ fields }) => fields.command === 'rate_limit') ?? {};
    expect(message).toBe('remote control');
    const sender = lines.find(({ fields }) => fields.command === 'rate_limit')?.fields.sender;
    expect(sender).toMatch(new RegExp(`^${new URL(database).username || 'postgres'} \\(gen${process.pid}@`));
    await control.revoke('some-id', only);
    expect(worker.info().revoked).toEqual(['some-id']);
  });

  it('carries heartbeats and the events of tasks', async () => {
    const app = appOn(asRole());
    const heard: ReceivedEvent[] = [];
    const subscription = await receiveEvents(appOn(database), { onEvent: (event) => heard.push(event) });
    closing.push(() => subscription.close());
    const worker = await started(app, { taskEvents: true });
    const { id } = await app.send({ task: 'pg.add', args: [1, 2], kwargs: {}, options: {} });
    const types = (): string[] => heard.filter(({ uuid }) => uuid === id).map(({ type }) => type);
    await expect
      .poll(types, { timeout: 10_000 })
      .toEqual(['task-received', 'task-started', 'task-succeeded']);
    await worker.stop();
    const ofNode = (): string[] => heard.filter(({ hostname }) => hostname === NODE).map(({ type }) => type);
    await expect.poll(ofNode, { timeout: 10_000 }).toContain('worker-offline');
    expect(ofNode()[0]).toBe('worker-online');
  });

  it('tells a worker that comes later what is revoked', async () => {
    const first = await started(appOn(asRole()), { hostname: 'first@here' });
    await first.revoke(['gone']);
    const second = await started(appOn(asRole()));
    expect(second.info().revoked).toContain('gone');
    // And everything else that workers of this database had revoked before, no more.
    expect([...second.info().revoked].sort()).toEqual([...first.info().revoked].sort());
  });

  it('is found again after the connection was cut', async () => {
    await started(appOn(asRole()));
    const control = createControl(appOn(database));
    const only = { destination: [NODE], timeout: 5 };
    await control.ping(only);
    await execute(
      database,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`,
    );
    expect(await control.ping({ ...only, timeout: 10 })).toEqual({ [NODE]: { ok: 'pong' } });
  });

  it('does not let a role choose who it is, or change what others said', async () => {
    const client = new pg.Client({ connectionString: asRole() });
    await client.connect();
    const insert = `INSERT INTO workertoolbox.control_command (expires, origin, namespace, clock, request, sender)
      VALUES (now(), '', 'celery', 1, '{}', 'admin')`;
    await expect(client.query(insert)).rejects.toThrow(/permission denied/);
    await expect(client.query("UPDATE workertoolbox.control_command SET origin = ''")).rejects.toThrow(
      /permission denied/,
    );
    await client.end();
  });

  it('forgets what has expired', async () => {
    await execute(
      database,
      "INSERT INTO workertoolbox.event (expires, namespace, routing_key, hostname, events) VALUES (now() - interval '1 s', 'old', 'a', 'h', '[]')",
    );
    await started(appOn(asRole()));
    const { rows } = await execute(database, "SELECT 1 FROM workertoolbox.event WHERE namespace = 'old'");
    expect(rows).toEqual([]);
  });

  it('is absent where the tables are, which is said once; the worker works', async () => {
    const lines: Line[] = [];
    const app = appOn(bare, lines);
    await started(app);
    const result = await app.send<number>({ task: 'pg.add', args: [1, 2], kwargs: {}, options: {} });
    expect(await result.get({ timeout: 10 })).toBe(3);
    const said = lines.filter(({ message }) => message.startsWith('no remote control'));
    expect(said).toHaveLength(1);
    expect(said[0]?.fields.error).toMatch(/workertoolbox migrate/);
  });

  it('obeys nobody when it is switched off, and still sends heartbeats', async () => {
    const app = new Celery('off', {
      settings: { broker_url: 'memory://', CONTROL_DB_URL: asRole(), worker_enable_remote_control: false },
    });
    closing.push(() => app.close());
    const heard: ReceivedEvent[] = [];
    const other = appOn(database);
    const subscription = await receiveEvents(other, { onEvent: (event) => heard.push(event) });
    closing.push(() => subscription.close());
    const worker = await started(app, { hostname: 'deaf@here' });
    await expect
      .poll(() => heard.some(({ hostname }) => hostname === 'deaf@here'), { timeout: 10_000 })
      .toBe(true);
    const control = createControl(other);
    expect(await control.broadcast('shutdown', {}, { destination: ['deaf@here'], timeout: 0.5 })).toEqual({});
    expect(worker.state).toBe('running');
  });
});
