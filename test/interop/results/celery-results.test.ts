import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Decimal,
  PlainDateTime,
  silentLogger,
  systemClock,
  ToolboxError,
  Uuid,
} from '../../../src/base/index.js';
import {
  AsyncResult,
  errorFrom,
  failureFrom,
  GroupResult,
  tracebackFrom,
} from '../../../src/results/index.js';
import {
  celery57ColumnSql,
  grantWorkerSql,
  PostgresResultBackend,
} from '../../../src/results/postgres/index.js';
import { execute, freshDatabase, uniqueName } from '../../support/postgres.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { DJANGO_TABLES, SQLALCHEMY_TABLES } from '../../support/result-tables.js';
import { type CeleryPeer, startCeleryPeer } from './celery-peer.js';

const python = celeryPython();
if (python === undefined && process.env.CI) throw new Error(NO_PYTHON);

/** The role of a worker, on tables that another role owns. */
async function workerUrl(tables: string): Promise<string> {
  const owner = await freshDatabase();
  const url = new URL(owner);
  const role = uniqueName('worker');
  await execute(
    owner,
    tables,
    `CREATE ROLE ${role} LOGIN PASSWORD 'of-the-worker'`,
    grantWorkerSql({ role, database: url.pathname.slice(1), groups: true }),
    // Whatever zone a server is set to: ours, and Python's by the role's setting, is UTC.
    `ALTER DATABASE ${url.pathname.slice(1)} SET timezone TO 'America/New_York'`,
  );
  afterAll(() => execute(owner, `DROP OWNED BY ${role}`, `DROP ROLE ${role}`));
  url.username = role;
  url.password = 'of-the-worker';
  return url.href;
}

describe.skipIf(python === undefined)(`Celery in Python ${python ? '' : `(${NO_PYTHON})`}`, async () => {
  const tables = [
    ["SQLAlchemy's tables", SQLALCHEMY_TABLES],
    ["Django's table with the column Celery 5.7 wants", `${DJANGO_TABLES};${celery57ColumnSql()}`],
  ] as const;
  for (const [name, sql] of tables) {
    const url = await workerUrl(sql);
    for (const serializer of ['json', 'pickle'] as const) {
      describe(`${name}, result_serializer ${serializer}`, () => exercise(url, serializer));
    }
    for (const serializer of ['yaml', 'msgpack']) {
      it(`${name}: both read rows in ${serializer}`, () => otherFormat(url, serializer));
    }
  }
});

/** A format that rows do not tell by themselves: results and what stands beside them, both ways. */
async function otherFormat(url: string, serializer: string): Promise<void> {
  const peer = startCeleryPeer(url, serializer);
  const options = { result_serializer: serializer };
  const backend = new PostgresResultBackend({
    url: `db+${url}`,
    options,
    logger: silentLogger,
    clock: systemClock,
  });
  await backend.connect();
  try {
    const [theirs, ours, child] = [randomUUID(), randomUUID(), randomUUID()];
    await peer.store(theirs, 'SUCCESS', "{'a': [1, 'é.', None, 2**53 + 1]}");
    expect((await backend.get([theirs]))[0]).toMatchObject({
      status: 'SUCCESS',
      result: { a: [1, 'é.', null, 2n ** 53n + 1n] },
    });
    const children = [[[child, null], null]];
    await backend.store({ taskId: ours, status: 'SUCCESS', result: { a: [1] }, traceback: null, children });
    expect((await backend.get([ours]))[0]).toMatchObject({ result: { a: [1] } });
    expect(await peer.meta(ours)).toMatchObject({
      state: 'SUCCESS',
      info: "{'a': [1]}",
      ...(backend.capabilities.children && { children: `[<AsyncResult: ${child}>]` }),
    });
  } finally {
    await backend.close();
    await peer.stop();
  }
}

function exercise(url: string, serializer: 'json' | 'pickle'): void {
  let peer: CeleryPeer;
  let backend: PostgresResultBackend;
  beforeAll(async () => {
    peer = startCeleryPeer(url, serializer);
    backend = new PostgresResultBackend({
      url: `db+${url}`,
      options: { result_serializer: serializer },
      logger: silentLogger,
      clock: systemClock,
    });
    await backend.connect();
  });
  afterAll(async () => {
    await backend.close();
    await peer.stop();
  });
  const result = <T>(id: string): AsyncResult<T> => new AsyncResult<T>(id, { backend: async () => backend });
  const stored = async (value: unknown): Promise<string> => {
    const id = randomUUID();
    await backend.store({ taskId: id, status: 'SUCCESS', result: value, traceback: null });
    return id;
  };

  it.each([
    [null, 'None'],
    [true, 'True'],
    [7, '7'],
    [-2.5, '-2.5'],
    [2n ** 70n, String(2n ** 70n)],
    ['hé \u0000 \u{1f30d}.', "'hé \\x00 🌍.'"],
    [new Uint8Array([0, 255]), "b'\\x00\\xff'"],
    [[1, 'a', null], "[1, 'a', None]"],
    [{ a: 1, b: [1, 2] }, "{'a': 1, 'b': [1, 2]}"],
    [new Set([1]), '{1}'],
    [
      new Date('2024-01-02T03:04:05.006Z'),
      'datetime.datetime(2024, 1, 2, 3, 4, 5, 6000, tzinfo=datetime.timezone.utc)',
    ],
    [new Decimal('1.10'), "Decimal('1.10')"],
    [new Uuid('5f0c2b4e-9a31-4d6a-8d0b-0a1b2c3d4e5f'), "UUID('5f0c2b4e-9a31-4d6a-8d0b-0a1b2c3d4e5f')"],
  ])('reads our %o as %s', async (value, repr) => {
    const id = await stored(value);
    expect(await peer.get(id)).toEqual({ value: repr });
    expect(await peer.unpickle(id)).toBe(repr);
  });

  it.each([
    ['None', null],
    ['{"a": [1, 2.5, None]}', { a: [1, 2.5, null] }],
    ["'hé.'", 'hé.'],
    ['2**70', 2n ** 70n],
    ['UUID("5f0c2b4e-9a31-4d6a-8d0b-0a1b2c3d4e5f")', new Uuid('5f0c2b4e-9a31-4d6a-8d0b-0a1b2c3d4e5f')],
    ['datetime(2024, 1, 2, 3, 4, 5, tzinfo=timezone.utc)', new Date('2024-01-02T03:04:05Z')],
    ['datetime(2024, 1, 2, 3, 4, 5)', new PlainDateTime('2024-01-02T03:04:05')],
    ['Decimal("1.10")', new Decimal('1.10')],
  ])('stores %s, which we read as %o', async (expression, value) => {
    const id = randomUUID();
    await peer.store(id, 'SUCCESS', expression);
    expect(await result(id).get({ timeout: 10 })).toEqual(value);
  });

  it.each([
    [new RangeError('bad'), { type: 'ValueError', module: 'builtins', args: "('bad',)" }],
    [new TypeError('no \u0000'), { type: 'TypeError', module: 'builtins', args: "('no \\x00',)" }],
    [
      new ToolboxError('TASK_ARGUMENTS', 'x is missing'),
      { type: 'TypeError', module: 'builtins', args: "('x is missing',)" },
    ],
    [
      Object.assign(new Error(), { name: 'NotRegistered', excModule: 'celery.exceptions', excArgs: ['a.b'] }),
      { type: 'NotRegistered', module: 'celery.exceptions', args: "('a.b',)" },
    ],
    [
      new (class ShapefileError extends Error {})('no projection'),
      { type: 'ShapefileError', module: 'celery.exceptions', args: "('no projection',)" },
    ],
  ])('raises our %o as its own', async (error, expected) => {
    const id = randomUUID();
    const record = { taskId: id, result: failureFrom(error), traceback: tracebackFrom(error) };
    await backend.store({ ...record, status: 'FAILURE' });
    expect(await peer.get(id)).toEqual({ raised: expected });
    expect(await peer.meta(id)).toMatchObject({
      state: 'FAILURE',
      info: expected,
      traceback: expect.stringMatching(/^Traceback \(most recent call last\):/),
    });
  });

  it('raises TaskRevokedError for what we revoked', async () => {
    const id = randomUUID();
    const revoked = {
      exc_type: 'TaskRevokedError',
      exc_message: ['expired'],
      exc_module: 'celery.exceptions',
    };
    await backend.store({ taskId: id, status: 'REVOKED', result: revoked, traceback: null });
    expect(await peer.get(id)).toEqual({
      raised: { type: 'TaskRevokedError', module: 'celery.exceptions', args: "('expired',)" },
    });
  });

  it('fails with an exception, which we throw as data', async () => {
    const id = randomUUID();
    await peer.store(id, 'FAILURE', "ValueError('bad', 1)", 'Traceback ...');
    const error = await result(id).get({ timeout: 10, propagate: false });
    expect(error).toBeInstanceOf(ToolboxError);
    expect(error).toMatchObject({
      code: 'TASK_FAILED',
      fields: { type: 'ValueError', module: 'builtins', args: ['bad', 1], traceback: 'Traceback ...' },
    });
    await expect(result(id).get({ timeout: 10 })).rejects.toMatchObject({ code: 'TASK_FAILED' });
    // Handed on as the failure of one of our tasks, it is the same exception again.
    const other = randomUUID();
    await backend.store({ taskId: other, status: 'FAILURE', result: failureFrom(error), traceback: null });
    expect(await peer.get(other)).toEqual({
      raised: { type: 'ValueError', module: 'builtins', args: "('bad', 1)" },
    });
  });

  it('stores STARTED, RETRY and states of its own, which we read', async () => {
    const id = randomUUID();
    await peer.store(id, 'STARTED', "{'pid': 1, 'hostname': 'py@h'}");
    expect(await result(id).result()).toMatchObject({
      status: 'STARTED',
      result: { pid: 1, hostname: 'py@h' },
      dateDone: null,
    });
    await peer.store(id, 'RETRY', "OSError('away')");
    expect(await result(id).result()).toMatchObject({
      status: 'RETRY',
      result: { exc_type: 'OSError', exc_message: ['away'], exc_module: 'builtins' },
    });
    await peer.store(id, 'PROGRESS', "{'percent': 40}");
    expect(await result(id).result()).toMatchObject({ status: 'PROGRESS', result: { percent: 40 } });
  });

  it('updates our rows, and we update its', async () => {
    const [ours, its] = [randomUUID(), randomUUID()];
    await backend.store({
      taskId: ours,
      status: 'STARTED',
      result: { pid: 1, hostname: 'h' },
      traceback: null,
    });
    expect(await peer.meta(ours)).toMatchObject({
      state: 'STARTED',
      info: "{'pid': 1, 'hostname': 'h'}",
      date_done: null,
    });
    await peer.store(ours, 'SUCCESS', '1');
    expect(await result(ours).get({ timeout: 10 })).toBe(1);
    await peer.store(its, 'STARTED', 'None');
    await backend.store({ taskId: its, status: 'SUCCESS', result: 2, traceback: null });
    expect(await peer.get(its)).toEqual({ value: '2' });
  });

  it('agrees on the time of the end', async () => {
    const [ours, its] = [await stored(1), randomUUID()];
    await peer.store(its, 'SUCCESS', '1');
    const python = (await peer.meta(ours)).date_done ?? '';
    expect(Math.abs(Date.parse(/[Z+]/.test(python) ? python : `${python}Z`) - Date.now())).toBeLessThan(
      60_000,
    );
    const { dateDone } = await result(its).result();
    expect(Math.abs((dateDone?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('restores our groups, and we restore its, in today’s form and in that of older versions', async () => {
    const options = { backend: async () => backend };
    const members = Array.from({ length: 12 }, () => randomUUID());
    const [ours, its, old] = [randomUUID(), randomUUID(), randomUUID()];
    await new GroupResult(ours, members.map(result), options).save();
    expect(await peer.restoreGroup(ours)).toEqual(members);
    await peer.saveGroup(its, members);
    await peer.pickledGroup(old, members);
    for (const id of [its, old]) {
      const group = await GroupResult.restore(id, options);
      expect(group?.results.map((each) => each.id)).toEqual(members);
    }
  });

  it('is told of our children, and we of its', async () => {
    const [id, child] = [randomUUID(), randomUUID()];
    await backend.store({
      taskId: id,
      status: 'SUCCESS',
      result: 1,
      traceback: null,
      children: [[[child, null], null]],
    });
    expect((await peer.meta(id)).children).toBe(`[<AsyncResult: ${child}>]`);
    expect((await result(id).children())?.map((each) => each.id)).toEqual([child]);
  });

  it('wakes who waits here, although it does not announce what it stores', async () => {
    const id = randomUUID();
    const waiting = result(id).get({ timeout: 20 });
    await peer.store(id, 'SUCCESS', "'late'");
    expect(await waiting).toBe('late');
  });

  it('keeps a SUCCESS of ours, and we keep its', async () => {
    const [ours, its] = [await stored('first'), randomUUID()];
    await peer.store(ours, 'FAILURE', "ValueError('second run')");
    await peer.store(its, 'SUCCESS', "'first'");
    await backend.store({
      taskId: its,
      status: 'FAILURE',
      result: failureFrom(new Error('x')),
      traceback: null,
    });
    expect(await peer.get(its)).toEqual({ value: "'first'" });
    expect(await result(ours).get({ timeout: 10 })).toBe('first');
  });

  it('never makes us build what its pickle names', async () => {
    const id = randomUUID();
    await execute(
      url,
      // pickle of os.system("id"), as an attacker with the worker's password would write it
      `INSERT INTO celery_taskmeta (id, task_id, status, result) VALUES
        (nextval('task_id_sequence'), '${id}', 'FAILURE', '\\x80048c026f738c0673797374656d938c0269648552${'2e'}')`,
    );
    const [meta] = await backend.get([id]);
    expect(meta?.result).toEqual({ exc_type: 'system', exc_message: ['id'], exc_module: 'os' });
    expect(meta && errorFrom(meta)).toMatchObject({
      code: 'TASK_FAILED',
      fields: { module: 'os', type: 'system' },
    });
  });
}
