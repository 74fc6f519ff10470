import { afterEach, describe, expect, it } from 'vitest';
import { CeleryApp } from '../../../src/app/index.js';
import { applySignature, chain, chord, group, signature } from '../../../src/canvas/index.js';
import type { Delivery } from '../../../src/messaging/index.js';
import { Config } from '../../../src/toolbox/config/index.js';
import { MemoryHub, memoryTransports } from '../../../src/transports/memory/index.js';

type Any = ReturnType<typeof signature>;
type Wire = { kwargs: Record<string, Wire & Wire[]>; options: Record<string, unknown> };

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function makeApp(settings: object): CeleryApp {
  const factory = memoryTransports(new MemoryHub());
  const app = new CeleryApp('bodies', {
    transports: new Map([['memory', async () => factory]]),
    backends: new Map(),
    settings: { broker_url: 'memory://', ...settings },
  });
  closing.push(() => app.close());
  return app;
}

const architecture = (): CeleryApp =>
  makeApp(new Config({ broker_url: 'memory://', result_backend: null, QUEUES: ['a', 'b'] }, {}).toObject());

/** The embed of the first message of what is sent. */
async function embedOf(
  app: CeleryApp,
  sent: Any,
  queue: string,
): Promise<{ chain: Wire[]; callbacks: Wire[] }> {
  const broker = await app.broker();
  const message = new Promise<Delivery>((resolve) => {
    void broker
      .consume({ queues: app.queues.filter(({ name }) => name === queue), prefetch: 1, onDelivery: resolve })
      .then((consumption) => closing.push(() => consumption.stop()));
  });
  await applySignature(app, sent);
  const [, , embed] = JSON.parse(Buffer.from((await message).body).toString());
  return embed;
}

describe('the queue of a chord’s body', () => {
  const task = (app: CeleryApp, name: string, options = {}): Any => signature(app, name, { options });
  const bodyIn = async (app: CeleryApp, queue: string, ...last: Any[]): Promise<Wire> => {
    const parts = group(task(app, 'b.one'), task(app, 'b.two'));
    const { chain: rest } = await embedOf(app, chain([task(app, 'a.first'), parts as Any, ...last]), queue);
    return rest[0]?.kwargs['body'] as Wire;
  };

  it('is the one its task is routed to', async () => {
    const app = architecture();
    expect((await bodyIn(app, 'a', task(app, 'b.end'))).options).toMatchObject({ queue: 'b' });
  });

  it('is the one its task names itself', async () => {
    const app = architecture();
    const body = await bodyIn(app, 'a', task(app, 'b.end', { queue: 'a' }));
    expect(body.options).toMatchObject({ queue: 'a' });
  });

  it('is that of the first step where the body is a chain', async () => {
    const app = architecture();
    const body = await bodyIn(app, 'a', task(app, 'b.end'), task(app, 'a.more'));
    expect(body.options).toMatchObject({ queue: 'b' });
    expect(body.kwargs['tasks']?.map(({ options }) => options['queue'])).toEqual([undefined, undefined]);
  });

  it('is not named where it would go for every member of a group', async () => {
    const app = architecture();
    const body = await bodyIn(app, 'a', group(task(app, 'a.end'), task(app, 'b.end')) as Any);
    expect(body.options).not.toHaveProperty('queue');
  });

  it('is named in a callback that is a chord', async () => {
    const app = architecture();
    const callback = chord([task(app, 'b.one'), task(app, 'b.two')], task(app, 'a.end'));
    const linked = task(app, 'a.first').link(callback as Any);
    const { callbacks } = await embedOf(app, linked, 'a');
    expect((callbacks[0]?.kwargs['body'] as Wire).options).toMatchObject({ queue: 'a' });
  });

  it('is left to the reader where tasks are sent to queues themselves, or where no route is known', async () => {
    const plain = makeApp({});
    expect((await bodyIn(plain, 'celery', task(plain, 'b.end'))).options).not.toHaveProperty('queue');
    const app = architecture();
    expect((await bodyIn(app, 'a', task(app, 'elsewhere.end'))).options).not.toHaveProperty('queue');
  });
});
