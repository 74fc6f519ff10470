import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Celery, createWorker } from '../../../../src/index.js';
import { migrationsSql } from '../../../../src/platform/index.js';
import { grantAttemptsSql, grantWorkerSql } from '../../../../src/results/postgres/index.js';
import { execute } from '../../../support/postgres.js';
import { resultDatabase } from './bench.js';

const database = await resultDatabase();
const name = new URL(database.url).pathname.slice(1);

/** An app whose worker runs here, with results over a role of its own. */
async function appOver(
  url: string,
): Promise<{ run: (task: 'fine' | 'again' | 'bad') => Promise<string>; stop: () => Promise<void> }> {
  const app = new Celery('runs').configFromObject({
    broker_url: 'memory://',
    result_backend: url,
    task_track_started: true,
  });
  const fine = app.task('t.fine', () => 1);
  const again = app.task('t.again', { bind: true, maxRetries: 1 }, (task) => {
    if (task.request.retries === 0) return task.retry({ countdown: 0 });
    return 2;
  });
  const bad = app.task('t.bad', () => {
    throw new TypeError('no');
  });
  const tasks = { fine, again, bad };
  const worker = createWorker(app, { hostname: 'w@here' });
  await worker.start();
  return {
    run: async (which) => {
      const result = await tasks[which].delay();
      await result.get({ timeout: 20, propagate: false });
      return result.id;
    },
    stop: async () => {
      await worker.stop();
      await app.close();
    },
  };
}

const runsOf = async (id: string) =>
  (
    await execute(
      database.url,
      `SELECT worker, queue, outcome, reason, ended >= started AS ordered FROM workertoolbox.attempt WHERE task_id = '${id}' ORDER BY started`,
    )
  ).rows;

beforeAll(() => database.execute(migrationsSql()));

describe('runs of tasks', () => {
  let over: Awaited<ReturnType<typeof appOver>>;
  beforeAll(async () => {
    const role = await database.role();
    await database.execute(grantWorkerSql({ role: role.name, database: name }), grantAttemptsSql(role.name));
    over = await appOver(role.url);
  });
  afterAll(() => over.stop());

  test.each([
    ['fine', [{ outcome: 'SUCCESS', reason: null }]],
    ['bad', [{ outcome: 'FAILURE', reason: 'TypeError: no' }]],
    [
      'again',
      [
        { outcome: 'RETRY', reason: expect.stringMatching(/./) },
        { outcome: 'SUCCESS', reason: null },
      ],
    ],
  ] as const)('%s is written down with its worker and its end', async (which, wanted) => {
    const id = await over.run(which);
    await expect
      .poll(() => runsOf(id), { timeout: 10_000 })
      .toEqual(wanted.map((run) => ({ worker: 'w@here', queue: 'celery', ordered: true, ...run })));
  });
});

test('a role without the right stores results as ever', async () => {
  const role = await database.role();
  await database.execute(grantWorkerSql({ role: role.name, database: name }));
  const over = await appOver(role.url);
  const id = await over.run('fine');
  await over.stop();
  expect(await runsOf(id)).toEqual([]);
});
