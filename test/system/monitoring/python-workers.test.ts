import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLogger } from '../../../src/base/index.js';
import { Celery } from '../../../src/index.js';
import {
  createMonitor,
  listQueues,
  listWorkers,
  migrationsSql,
  postgresDatabase,
} from '../../../src/platform/index.js';
import { type Running as Python, PythonCelery } from '../../interop/control/python.js';
import { execute, freshDatabase } from '../../support/postgres.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { describeRabbitmq } from '../../support/rabbitmq.js';

/** What the peer's app consumes from. */
const QUEUE = 'peer-tasks';
const python = celeryPython();
const url = await freshDatabase();

describeRabbitmq(`monitor of Python's workers${python ? '' : ` (${NO_PYTHON})`}`, (vhost) => {
  if (python === undefined) return;
  const database = postgresDatabase({ url, logger: silentLogger });
  let peer: Python;
  let app: Celery;
  let monitor: ReturnType<typeof createMonitor>;

  beforeAll(async () => {
    await execute(url, migrationsSql());
    peer = new PythonCelery(python, { url: vhost().url }).start(
      'worker',
      '-n',
      'py@here',
      '-c',
      '3',
      '-l',
      'info',
      '-E',
    );
    await peer.line(/ready/);
    app = new Celery('tests').configFromObject({
      broker_url: vhost().url,
      result_backend: `db+${url}`,
      task_default_queue: QUEUE,
    });
    monitor = createMonitor(app, { database, url });
    await monitor.start();
  }, 60_000);
  afterAll(async () => {
    await Promise.all([monitor.stop(), peer.stop()]);
    await Promise.all([app.close(), database.close()]);
  }, 30_000);

  test('tells what they are, and who consumes from a queue', async () => {
    await expect
      .poll(async () => (await listWorkers(database))[0], { timeout: 40_000 })
      .toMatchObject({
        name: 'py@here',
        status: 'up',
        language: 'python',
        pool: 'prefork',
        concurrency: 3,
        queues: [QUEUE],
        version: expect.stringMatching(/^5\./),
      });
    const queue = async () => (await listQueues(database)).find(({ name }) => name === QUEUE);
    await expect.poll(queue, { timeout: 40_000 }).toMatchObject({ depth: 0, consumers: 1, problem: null });
  }, 90_000);

  test('writes down their runs, as their events tell them', async () => {
    const { id } = await app.send({ task: 'peer.add', args: [1, 2], kwargs: {}, options: { queue: QUEUE } });
    const bad = await app.send({ task: 'peer.fail', args: ['no'], kwargs: {}, options: { queue: QUEUE } });
    const runs = async (of: string) =>
      (
        await execute(
          url,
          `SELECT worker, outcome, reason, ended >= started AS right FROM workertoolbox.attempt WHERE task_id = '${of}'`,
        )
      ).rows;
    await expect
      .poll(() => runs(id), { timeout: 40_000 })
      .toEqual([{ worker: 'py@here', outcome: 'SUCCESS', reason: null, right: true }]);
    await expect
      .poll(() => runs(bad.id), { timeout: 40_000 })
      .toEqual([{ worker: 'py@here', outcome: 'FAILURE', reason: "ValueError('no')", right: true }]);
  }, 90_000);
});
