import { expect, it } from 'vitest';
import { ToolboxError } from '../../../../src/base/index.js';
import { type Delivery, directQueue } from '../../../../src/messaging/index.js';
import { ManualClock, settled } from '../../worker/support/manual-clock.js';
import { collector, message, troubledTransport } from './support/store.js';

const queue = directQueue('q');
const to = { exchange: '', routingKey: 'q' };

it('surfaces what it cannot read, and goes on', async () => {
  const { store, transport } = troubledTransport();
  await transport.declare([queue]);
  await store.send('q', [{ text: 'no envelope', properties: {} }]);
  await transport.publish(message('good'), to);
  const { onDelivery, all } = collector(2);
  await transport.consume({ queues: [queue], prefetch: 0, onDelivery });
  const [bad, good] = (await all) as [Delivery, Delivery];
  expect(bad.defect).toMatch(/json/i);
  expect(Buffer.from(bad.body).toString()).toBe('no envelope');
  expect(bad.info.queue).toBe('q');
  await bad.reject();
  expect(good.defect).toBeUndefined();
  await good.ack();
  await transport.close();
});

it('reports one interruption and one return, tries less and less often, and loses nothing', async () => {
  const clock = new ManualClock();
  const { store, transport } = troubledTransport({ clock });
  await transport.declare([queue]);
  await transport.publish(message('kept'), to);
  store.trouble = ({ verb }) => {
    if (verb === 'receive') throw new ToolboxError('BROKER_UNREACHABLE', 'line down');
    return undefined;
  };
  const events: string[] = [];
  const { onDelivery, all } = collector(1);
  await transport.consume({
    queues: [queue],
    prefetch: 1,
    onDelivery,
    onConnection: ({ kind }) => events.push(kind),
  });
  await clock.advance(60_000);
  expect(events).toEqual(['down']);
  const attempts = store.of('receive').length;
  expect(attempts).toBeGreaterThan(5);
  expect(attempts).toBeLessThan(60);
  store.trouble = () => undefined;
  await clock.advance(10_000);
  expect(events).toEqual(['down', 'up']);
  expect(Buffer.from((await all)[0]?.body ?? []).toString()).toBe('"kept"');
});

it('declares a queue again that went missing, while the others go on', async () => {
  const clock = new ManualClock();
  const { transport } = troubledTransport({ clock });
  const other = directQueue('other');
  const { onDelivery, all } = collector(2);
  await transport.consume({ queues: [queue, other], prefetch: 0, onDelivery });
  await settled();
  await transport.deleteQueue('q');
  await transport.publish(message('other'), { exchange: '', routingKey: 'other' });
  await clock.advance(60_000);
  await transport.publish(message('again'), to);
  await clock.advance(10_000);
  expect((await all).map((delivery) => delivery.info.queue)).toEqual(['other', 'q']);
});

it('gives back at once what arrives after the stop', async () => {
  const { store, transport } = troubledTransport({ leaseSeconds: 1800 });
  await transport.declare([queue]);
  await transport.publish(message('late'), to);
  let letGo = (): void => {};
  store.trouble = ({ verb }) =>
    verb === 'receive'
      ? new Promise((resolve) => {
          letGo = () => resolve(undefined);
        })
      : undefined;
  const seen: Delivery[] = [];
  const consumption = await transport.consume({
    queues: [queue],
    prefetch: 1,
    onDelivery: (one) => seen.push(one),
  });
  await settled();
  store.stubborn = true;
  const stopped = consumption.stop();
  letGo();
  await stopped;
  await settled();
  expect(seen).toEqual([]);
  expect(store.of('extend')).toMatchObject([{ count: 1 }]);
  expect(await transport.size('q')).toBe(1);
});

it('frees a place when a delivery is settled, before the broker knows', async () => {
  const clock = new ManualClock();
  const { transport } = troubledTransport({ clock, traits: { ackWindowMs: 1000 } });
  await transport.declare([queue]);
  for (const n of [1, 2]) await transport.publish(message(n), to);
  const seen: Delivery[] = [];
  await transport.consume({ queues: [queue], prefetch: 1, onDelivery: (one) => seen.push(one) });
  await settled();
  expect(seen.length).toBe(1);
  const acked = seen[0]?.ack();
  await settled();
  expect(seen.length).toBe(2);
  await clock.advance(1000);
  await acked;
});

it('counts as alive while it may not fetch', async () => {
  const clock = new ManualClock();
  const { transport } = troubledTransport({ clock });
  await transport.declare([queue]);
  await transport.publish(message(), to);
  const { onDelivery, all } = collector(1);
  const consumption = await transport.consume({ queues: [queue], prefetch: 1, onDelivery });
  await all;
  await clock.advance(3_600_000);
  expect(consumption.lastPoll).toBe(clock.monotonic());
});
