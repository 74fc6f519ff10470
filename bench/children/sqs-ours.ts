import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '../../src/base/index.js';
import { createWorker } from '../../src/index.js';
import { createSyncTasks, postgresDatabase } from '../../src/platform/index.js';
import { benchApp } from './bench-app.js';
import { windowed } from './on-command.js';

const [role = '', url = '', count = '0', settings = '{}', databaseUrl = ''] = process.argv.slice(2);
const total = Number(count);

/** One part of the path of a task over SQS; prints how many calls of the API it made. */
let calls = 0;
// As the command line does: between two polls no open connection keeps the process alive.
const alive = setInterval(() => undefined, 60_000);
const given = JSON.parse(settings) as { readonly broker_transport_options?: object };
const counted = {
  broker_transport_options: { ...given.broker_transport_options, on_api_call: () => (calls += 1) },
};
const { app, noop } = benchApp(url, JSON.stringify(given), counted);

async function consume(enough: () => Promise<void>): Promise<void> {
  let seen = 0;
  let done = (): void => {};
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  app.signals.on('task_postrun', () => {
    seen += 1;
    if (seen === total) done();
  });
  const worker = createWorker(app, { concurrency: 16, queues: ['bench'] });
  await worker.start();
  // The calls that look for the queues belong to no task.
  calls = 0;
  await Promise.all([all, enough()]);
  await worker.stop();
}

async function produce(send: () => Promise<void>): Promise<void> {
  await (await app.broker()).declare(app.queues);
  calls = 0;
  await send();
}

async function sync(onStarted: () => void): Promise<void> {
  const database = postgresDatabase({ url: databaseUrl, logger: silentLogger });
  let seen = 0;
  await new Promise<void>((resolve, reject) => {
    const service = createSyncTasks(app, {
      database,
      onBatch: ({ tasks }) => {
        seen += tasks;
        if (seen >= total) service.stop().then(resolve, reject);
      },
    });
    service.start().then(onStarted, reject);
  });
  await database.close();
}

/** Four tasks a second, each by itself. */
async function oneByOne(producer: ReturnType<typeof benchApp>): Promise<void> {
  for (let n = 0; n < total; n += 1) {
    await sleep(250);
    await producer.noop.delay(1, 2);
  }
}

switch (role) {
  case 'produce':
    await produce(() => windowed(total, 500, () => noop.delay(1, 2)));
    break;
  case 'worker':
    await consume(() => Promise.resolve());
    break;
  case 'trickle': {
    const producer = benchApp(url, settings);
    await consume(() => oneByOne(producer));
    await producer.app.close();
    break;
  }
  case 'whole': {
    const producer = benchApp(url, settings, counted);
    await (await producer.app.broker()).declare(producer.app.queues);
    let recorded = Promise.resolve();
    await new Promise<void>((started, failed) => {
      recorded = sync(started);
      recorded.catch(failed);
    });
    await consume(() => oneByOne(producer));
    await recorded;
    await producer.app.close();
    break;
  }
  case 'idle': {
    const worker = createWorker(app, { queues: ['bench'] });
    await worker.start();
    calls = 0;
    await sleep(total * 1000);
    const made = calls;
    await worker.stop({ deadlineMs: 0 });
    calls = made;
    break;
  }
  case 'sync':
    await sync(() => {
      calls = 0;
    });
    break;
  default:
    throw new Error(`no role ${role}`);
}
console.log(`calls ${calls}`);
clearInterval(alive);
await app.close();
