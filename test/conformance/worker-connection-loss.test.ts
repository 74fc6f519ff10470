import { expect, onTestFinished, test } from 'vitest';
import { CeleryApp, defineTask, type SettingsInput } from '../../src/app/index.js';
import { createMemoryResultBackend } from '../../src/results/memory/index.js';
import { createAmqpTransport } from '../../src/transports/amqp/index.js';
import { createWorker, type Worker } from '../../src/worker/index.js';
import { describeRabbitmq } from '../support/rabbitmq.js';
import { Gate } from './worker/meeting.js';

describeRabbitmq('a worker whose connection to RabbitMQ is lost', (vhost) => {
  async function busy(settings: SettingsInput) {
    const app = new CeleryApp('loss', {
      transports: new Map([['amqp', async () => createAmqpTransport]]),
      backends: new Map([['memory', async () => createMemoryResultBackend]]),
      settings: {
        broker_url: vhost().url,
        result_backend: 'memory://',
        task_default_queue: `loss${Math.random()}`,
        ...settings,
      },
    });
    const gate = new Gate('work');
    const runs: AbortSignal[] = [];
    defineTask(app, 'work', { bind: true }, async (task) => {
      runs.push(task.signal);
      await gate.wait();
      return runs.length;
    });
    const worker = createWorker(app, { concurrency: 2, prefetchMultiplier: 4 });
    onTestFinished(async () => {
      gate.open();
      await worker.stop({ deadlineMs: 0 });
      await app.close();
    });
    await worker.start();
    const result = await app.send<number>({ task: 'work', args: [], kwargs: {}, options: {} });
    await gate.reached;
    await expect.poll(() => vhost().closeConnections('consume'), { timeout: 20_000 }).toBeGreaterThan(0);
    await expect.poll(() => worker.info().counts.reconnects, { timeout: 20_000 }).toBeGreaterThan(0);
    return { worker, gate, runs, result };
  }

  const prefetch = (worker: Worker): unknown => worker.info().steps.consumer?.prefetch_count;

  test('takes less until what still runs has ended', async () => {
    const { worker, gate, runs, result } = await busy({});
    expect(prefetch(worker)).toBe(4);
    gate.open();
    expect(await result.get({ timeout: 20 })).toBe(runs.length);
    await expect.poll(() => prefetch(worker)).toBe(8);
  });

  test('takes as much as before where it is told not to care', async () => {
    const { worker } = await busy({ worker_enable_prefetch_count_reduction: false });
    expect(prefetch(worker)).toBe(8);
  });

  test('gives up what ran where it is told to, and the next delivery runs at once', async () => {
    const { worker, gate, runs, result } = await busy({
      worker_cancel_long_running_tasks_on_connection_loss: true,
    });
    await expect.poll(() => runs.length, { timeout: 20_000 }).toBe(2);
    expect(runs[0]?.aborted).toBe(true);
    expect(worker.info().counts).toMatchObject({ lost: 1, outcomes: { returned: 1 } });
    gate.open();
    expect(await result.get({ timeout: 20 })).toBe(2);
  });
});
