import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { Celery } from '../../src/index.js';
import { describeRabbitmq } from '../support/rabbitmq.js';
import { describeRedis } from '../support/redis.js';
import { appFolder } from './support/app-folder.js';
import { startHere } from './support/cli.js';

const TASKS = `
app.task('kill', () => process.kill(process.pid, 'SIGKILL'));
app.task('echo', (value) => value);
`;

/** Starts workers one after another, as whoever supervises them does, while a task ends each that runs it. */
async function deadlyTask(settings: Readonly<Record<string, unknown>>) {
  const all = { task_acks_late: true, task_default_queue: `k${randomUUID().slice(0, 8)}`, ...settings };
  const cwd = await appFolder({
    'app.mjs': `
import { Celery } from 'cadasta-workertoolbox';
export const app = new Celery('killed').configFromObject(${JSON.stringify(all)});
${TASKS}`,
  });
  const app = new Celery('sender').configFromObject(all);
  onTestFinished(() => app.close());
  const send = (task: string, ...args: unknown[]) => app.send({ task, args, kwargs: {}, options: {} });
  const killer = await send('kill');
  const others = await Promise.all([1, 2, 3].map((n) => send('echo', n)));
  const start = () => startHere(['-A', 'app.mjs', 'worker', '-c', '1', '--without-mingle'], { cwd });
  let deaths = 0;
  let lines: readonly string[] = [];
  for (let ended = false; !ended; ) {
    const worker = start();
    const died = worker.ended.then(({ signal }) => signal === 'SIGKILL');
    const done = killer.get({ timeout: 60 }).then(
      () => false,
      () => false,
    );
    ended = !(await Promise.race([died, done]));
    if (!ended) deaths += 1;
    if (deaths > 10) throw new Error('it goes on for ever');
    lines = worker.lines;
  }
  const results = await Promise.all(others.map((other) => other.get({ timeout: 30 })));
  const [meta] = (await (await app.backend())?.get([killer.id])) ?? [];
  return { deaths, results, meta, setAside: lines.some((line) => line.includes(killer.id)) };
}

const GIVEN_UP = {
  deaths: 5,
  results: [1, 2, 3],
  meta: { status: 'FAILURE', result: { exc_type: 'WorkerLostError' } },
  setAside: true,
};

describeRabbitmq('a task that ends every worker it meets, on RabbitMQ', (vhost) => {
  test.each([
    ['a classic queue, which does not count', {}],
    ['a quorum queue', { task_default_queue_type: 'quorum' }],
  ])(
    '%s: is given up after five',
    async (_name, queue) => {
      const redis = process.env.WORKERTOOLBOX_TEST_REDIS_URL ?? 'rpc://';
      const settings = {
        broker_url: vhost().url,
        result_backend: redis,
        worker_enable_remote_control: false,
      };
      expect(await deadlyTask({ ...settings, ...queue })).toMatchObject(GIVEN_UP);
    },
    120_000,
  );
});

describeRedis('a task that ends every worker it meets, on Redis', (place) => {
  test('is given up after five', async () => {
    const { url, prefix } = place();
    const options = { global_keyprefix: prefix, visibility_timeout: 2 };
    const settings = { broker_url: url, result_backend: url, broker_transport_options: options };
    expect(await deadlyTask(settings)).toMatchObject(GIVEN_UP);
  }, 120_000);
});
