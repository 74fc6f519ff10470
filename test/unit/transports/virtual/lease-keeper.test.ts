import { expect, it } from 'vitest';
import { ToolboxError } from '../../../../src/base/index.js';
import { directQueue } from '../../../../src/messaging/index.js';
import { leaseLost } from '../../../../src/transports/virtual/index.js';
import { ManualClock, settled } from '../../worker/support/manual-clock.js';
import { collector, message, troubledTransport } from './support/store.js';

const queue = directQueue('q');
const LEASE_S = 30;

/** `count` held deliveries, under a clock that the test turns. */
async function holding(count: number, traits = {}) {
  const clock = new ManualClock();
  const { store, transport } = troubledTransport({
    clock,
    leaseSeconds: LEASE_S,
    traits: { maxBatch: 10, ...traits },
  });
  await transport.declare([queue]);
  await Promise.all(
    Array.from({ length: count }, (_, n) => transport.publish(message(n), { exchange: '', routingKey: 'q' })),
  );
  const { onDelivery, all } = collector(count);
  const consumption = await transport.consume({ queues: [queue], prefetch: 0, onDelivery });
  await settled();
  const held = await all;
  return { clock, store, transport, held, consumption };
}

it('renews all that is held, in batches, at a third of the lease', async () => {
  const { clock, store, held } = await holding(25);
  await clock.advance((LEASE_S / 3) * 1000 - 1);
  expect(store.of('extend')).toEqual([]);
  await clock.advance((LEASE_S / 12) * 1000);
  expect(store.of('extend').map((call) => call.count)).toEqual([10, 10, 5]);
  await clock.advance(LEASE_S * 10_000);
  expect(held.filter((delivery) => delivery.lost.aborted)).toEqual([]);
  // About three renewals for each lease time, each of all 25.
  const renewals = store.of('extend').reduce((sum, call) => sum + call.count, 0) / 25;
  expect(renewals).toBeGreaterThanOrEqual(20);
  expect(renewals).toBeLessThanOrEqual(31);
});

it('renews no more what is settled', async () => {
  const { clock, store, held } = await holding(3);
  await Promise.all([held[0]?.ack(), held[1]?.reject(), held[2]?.release(600)]);
  const before = store.of('extend').length;
  await clock.advance(LEASE_S * 2000);
  expect(store.of('extend').length).toBe(before);
});

it('tells a delivery whose renewal is refused, and refuses to settle it', async () => {
  const { clock, store, held } = await holding(2);
  store.trouble = ({ verb, count }) =>
    verb === 'extend'
      ? Array.from({ length: count }, (_, at) => (at === 0 ? leaseLost('q', 'gone') : undefined))
      : undefined;
  await clock.advance(LEASE_S * 500);
  const [first, second] = held;
  expect(first?.lost.reason).toMatchObject({ code: 'LEASE_LOST' });
  expect(second?.lost.aborted).toBe(false);
  await expect(first?.ack()).rejects.toMatchObject({ code: 'LEASE_LOST' });
});

it.each([
  ['unreachable', new ToolboxError('BROKER_UNREACHABLE', 'line down')],
  ['without rights', new ToolboxError('BROKER_REFUSED', 'AccessDenied')],
])(
  'keeps asking while the broker is %s, and is lost only when the lease has run out',
  async (_what, failure) => {
    const { clock, store, held } = await holding(1);
    store.trouble = ({ verb }) => {
      if (verb === 'extend') throw failure;
      return undefined;
    };
    await clock.advance(LEASE_S * 900);
    expect(held[0]?.lost.aborted).toBe(false);
    expect(store.of('extend').length).toBeGreaterThan(3);
    store.trouble = () => undefined;
    await clock.advance(LEASE_S * 3000);
    expect(held[0]?.lost.aborted).toBe(false);
    store.trouble = ({ verb }) => {
      if (verb === 'extend') throw failure;
      return undefined;
    };
    await clock.advance(LEASE_S * 1500);
    expect(held[0]?.lost.reason).toMatchObject({ code: 'LEASE_LOST' });
  },
);

it('knows the ceiling: renews up to it, never beyond, and is lost there', async () => {
  const { clock, held } = await holding(1, { leaseCeilingSeconds: 120 });
  await clock.advance(110_000);
  expect(held[0]?.lost.aborted).toBe(false);
  await clock.advance(10_000);
  expect(held[0]?.lost.aborted).toBe(true);
});

it('keeps the lease while a refused delete is tried again', async () => {
  const { clock, store, held, transport } = await holding(1);
  const busy = new ToolboxError('BROKER_UNREACHABLE', 'busy');
  store.trouble = ({ verb }) => (verb === 'delete' && store.of('delete').length < 8 ? [busy] : undefined);
  let acked = false;
  const ack = held[0]?.ack().then(() => {
    acked = true;
  });
  await clock.advance(LEASE_S * 2000);
  await ack;
  expect(acked).toBe(true);
  expect(store.of('delete').length).toBe(8);
  expect(await transport.size('q')).toBe(0);
  await clock.advance(LEASE_S * 2000);
  expect(await transport.size('q')).toBe(0);
});

it('takes no lease back: a release waits for a renewal under way', async () => {
  const { clock, store, held, transport, consumption } = await holding(1);
  await consumption.stop();
  let letGo = (): void => {};
  store.trouble = ({ verb }) =>
    verb === 'extend' && store.of('extend').length === 1
      ? new Promise((resolve) => {
          letGo = () => resolve(undefined);
        })
      : undefined;
  await clock.advance(LEASE_S * 500);
  const released = held[0]?.release();
  await settled();
  expect(store.of('extend').length).toBe(1);
  letGo();
  await released;
  expect(await transport.size('q')).toBe(1);
});
