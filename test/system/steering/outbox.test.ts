import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chain } from '../../../src/index.js';
import { createRelay, outbox } from '../../../src/platform/index.js';
import { celeryPython } from '../../support/python.js';
import { everywhere } from './support/everywhere.js';
import { until } from './support/steered-system.js';

const DJANGO = `
import json, sys, psycopg2
connection = psycopg2.connect(sys.argv[1])
with connection, connection.cursor() as cursor:
    cursor.execute("SELECT workertoolbox.publish_task(%s, %s, %s, %s)", ['work.add', '[20, 22]', '{}', json.dumps({'creator_id': 7, 'expires': 60})])
    kept = cursor.fetchone()[0]
try:
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT workertoolbox.publish_task('work.add', '[1, 1]')")
        dropped = cursor.fetchone()[0]
        raise RuntimeError
except RuntimeError:
    pass
print(json.dumps([kept, dropped]))
`;

everywhere('the outbox', (system, broker) => {
  /** RabbitMQ has no place for them. */
  const anyProperty = broker !== 'RabbitMQ';
  let client: pg.Client;
  beforeAll(async () => {
    await system().sync();
    await system().worker();
    for (const app of [system().celery(), system().celery()]) {
      const relay = createRelay(app, { database: system().url });
      system().onClose(() => app.close());
      system().onClose(() => relay.stop());
      await relay.start();
    }
    client = new pg.Client({ connectionString: system().url });
    await client.connect();
  });
  afterAll(() => client.end());

  const tracked = (id: string) =>
    until(
      async () => (await system().rows('SELECT * FROM tasks_backgroundtask WHERE task_id = $1', id))[0],
      'the row',
    );

  it('publishes after the commit, to both queues, and nothing after a rollback', async () => {
    const app = system().celery();
    const add = app.task('work.plus', (x: number, y: number) => x + y);
    system().onClose(() => app.close());
    const box = outbox(app, client);
    await client.query('BEGIN');
    const dropped = await box.send<number>({ task: 'work.add', args: [1, 1], kwargs: {}, options: {} });
    await client.query('ROLLBACK');
    await client.query('BEGIN');
    const kept = await box.send<number>({
      task: 'work.add',
      args: [2, 3],
      kwargs: {},
      options: { creator_id: 9 },
    });
    const both = await box.apply(chain(add.s(1, 2), add.s(4)));
    expect(await system().rows('SELECT 1 FROM tasks_backgroundtask WHERE task_id = $1', kept.id)).toEqual([]);
    await client.query('COMMIT');
    expect(await kept.get({ timeout: 10 })).toBe(5);
    expect(await both.get({ timeout: 10 })).toBe(7);
    expect(await tracked(kept.id)).toMatchObject({
      type: 'work.add',
      creator_id: anyProperty ? 9 : null,
      input: { args: [2, 3] },
    });
    expect(await system().rows('SELECT 1 FROM tasks_backgroundtask WHERE task_id = $1', dropped.id)).toEqual(
      [],
    );
  }, 60_000);

  it('is there for programs in other languages', async (context) => {
    const python = celeryPython();
    if (python === undefined) context.skip('needs Python with Celery: set WORKERTOOLBOX_PYTHON');
    const { stdout } = await promisify(execFile)(python ?? '', ['-c', DJANGO, system().url]);
    const [kept, dropped] = JSON.parse(stdout) as [string, string];
    expect(await system().app.asyncResult(kept).get({ timeout: 10 })).toBe(42);
    expect(await tracked(kept)).toMatchObject({
      creator_id: anyProperty ? 7 : null,
      options: { expires: expect.any(String) },
    });
    expect(await system().rows('SELECT 1 FROM workertoolbox.outbox WHERE task_id = $1', dropped)).toEqual([]);
  });

  it('keeps the order of a family and does not wait for what can never be sent', async () => {
    const ids: string[] = [];
    await client.query('BEGIN');
    for (let n = 0; n < 30; n += 1) {
      const { rows } = await client.query('SELECT workertoolbox.publish_task($1, $2, $3, $4) AS id', [
        n === 3 ? 'nowhere.task' : 'work.add',
        JSON.stringify([n, 0]),
        '{}',
        JSON.stringify({ root_id: 'family' }),
      ]);
      ids.push((rows[0] as { id: string }).id);
    }
    await client.query('COMMIT');
    await Promise.all(ids.filter((_, n) => n !== 3).map((id) => system().ended(id)));
    await until(
      async () =>
        (
          await system().rows(
            'SELECT 1 FROM workertoolbox.outbox WHERE family = $1 AND sent IS NULL',
            'family',
          )
        ).length === 1,
      'all to be sent',
    );
    const rows = await system().rows<{ failed: Date | null; error: string | null; sent: Date | null }>(
      'SELECT failed, error, sent FROM workertoolbox.outbox WHERE family = $1 ORDER BY id',
      'family',
    );
    expect(rows.map(({ sent }) => sent !== null)).toEqual(ids.map((_, n) => n !== 3));
    expect(rows[3]).toMatchObject({
      failed: expect.any(Date),
      error: expect.stringContaining('No queue would take'),
    });
    expect([...system().runs.values()].every((count) => count === 1)).toBe(true);
  });
});
