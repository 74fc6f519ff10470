import { afterEach, expect, it } from 'vitest';
import { CeleryApp } from '../../../src/app/index.js';
import { chain } from '../../../src/canvas/index.js';
import { createMemoryResultBackend } from '../../../src/results/memory/index.js';
import { MemoryHub, memoryTransports } from '../../../src/transports/memory/index.js';
import { createWorker } from '../../../src/worker/index.js';
import { arithmetic, randomCanvases } from '../../support/random-canvas.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

it('run to the results they should have, however they are nested', async () => {
  const app = new CeleryApp('workflows', {
    transports: new Map([['memory', async () => memoryTransports(new MemoryHub())]]),
    backends: new Map([['memory', async () => createMemoryResultBackend]]),
    settings: { broker_url: 'memory://', result_backend: 'memory://', result_chord_retry_interval: 0.05 },
  });
  const tasks = arithmetic(app);
  closing.push(() => app.close());
  const worker = createWorker(app, { concurrency: 8 });
  closing.push(() => worker.stop());
  await worker.start();
  const runs = randomCanvases(40, 20261123).map(async ({ build, value }) => {
    const workflow = chain([tasks.add.s(1, 2), build(tasks)]);
    const result = await workflow.applyAsync();
    return { workflow, got: (await result.get({ timeout: 25 })) as unknown, expected: value(3) };
  });
  for (const { workflow, got, expected } of await Promise.all(runs)) {
    expect(got, JSON.stringify(workflow)).toBe(expected);
  }
});
