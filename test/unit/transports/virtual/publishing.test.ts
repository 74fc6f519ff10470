import { expect, it } from 'vitest';
import { ToolboxError } from '../../../../src/base/index.js';
import type { Queue } from '../../../../src/messaging/index.js';
import { ManualClock } from '../../worker/support/manual-clock.js';
import { message, troubledTransport } from './support/store.js';

const exchange = { name: 'x', type: 'topic' } as const;
const work: Queue = { name: 'work', exchange, routingKey: 'k' };
const tap: Queue = { name: 'tap', exchange, routingKey: '#', tap: true };
const to = { exchange: 'x', routingKey: 'k' };
const busy = new ToolboxError('BROKER_UNREACHABLE', 'busy');

it('confirms every copy of a tap before it sends any other', async () => {
  const { store, transport } = troubledTransport();
  await transport.declare([work, { ...tap, name: 'tap2' }, tap]);
  const confirmed: string[] = [];
  let letGo = (): void => {};
  store.trouble = async ({ verb, queue }) => {
    if (verb === 'send' && queue === 'tap')
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
    if (verb === 'send') confirmed.push(queue);
    return undefined;
  };
  const published = transport.publish(message(), to);
  while (store.of('send').length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(confirmed).toEqual(['tap2']);
  letGo();
  await published;
  expect(confirmed).toEqual(['tap2', 'tap', 'work']);
});

it('runs nothing that could not be tracked', async () => {
  const { store, transport } = troubledTransport();
  await transport.declare([work, tap]);
  store.trouble = ({ queue }) => {
    if (queue === 'tap') throw new ToolboxError('BROKER_REFUSED', 'AccessDenied');
    return undefined;
  };
  await expect(transport.publish(message(), to)).rejects.toMatchObject({ code: 'BROKER_REFUSED' });
  expect(await transport.size('work')).toBe(0);
});

it('delays the work, not what the tap is told', async () => {
  const clock = new ManualClock();
  const { transport } = troubledTransport({ clock });
  await transport.declare([work, tap]);
  await transport.publish({ ...message(), delaySeconds: 60 }, to);
  expect([await transport.size('tap'), await transport.size('work')]).toEqual([1, 0]);
  await clock.advance(60_000);
  expect(await transport.size('work')).toBe(1);
});

it('sends refused entries again, and only those', async () => {
  const { store, transport } = troubledTransport({ traits: { publishDeadlineMs: 10_000 } });
  await transport.declare([work]);
  store.trouble = ({ verb, count }) =>
    verb === 'send' && store.of('send').length === 1
      ? Array.from({ length: count }, (_, at) => (at % 2 === 0 ? busy : undefined))
      : undefined;
  await Promise.all(Array.from({ length: 10 }, (_, n) => transport.publish(message(n), to)));
  expect(await transport.size('work')).toBe(10);
  expect(store.of('send').reduce((sum, call) => sum + call.count, 0)).toBe(15);
});

it('gives up at its deadline with the last failure', async () => {
  const clock = new ManualClock();
  const { store, transport } = troubledTransport({ clock, traits: { publishDeadlineMs: 10_000 } });
  await transport.declare([work]);
  store.trouble = ({ verb }) => {
    if (verb === 'send') throw busy;
    return undefined;
  };
  const published = expect(transport.publish(message(), to)).rejects.toBe(busy);
  await clock.advance(60_000);
  await published;
  expect(store.of('send').length).toBeGreaterThan(2);
});

it('does not try again where that is of no use', async () => {
  const { store, transport } = troubledTransport({ traits: { publishDeadlineMs: 10_000 } });
  await transport.declare([work]);
  const login = new ToolboxError('BROKER_UNREACHABLE', 'wrong secret', { fields: { transient: false } });
  store.trouble = ({ verb }) => {
    if (verb === 'send') throw login;
    return undefined;
  };
  await expect(transport.publish(message(), to)).rejects.toBe(login);
  expect(store.of('send').length).toBe(1);
});

it('ends the wait when the caller gives up', async () => {
  const { store, transport } = troubledTransport();
  await transport.declare([work]);
  store.trouble = ({ verb }) => (verb === 'send' ? new Promise(() => {}) : undefined);
  const giveUp = new AbortController();
  const published = transport.publish(message(), { ...to, signal: giveUp.signal });
  giveUp.abort(new Error('enough'));
  await expect(published).rejects.toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } });
});
