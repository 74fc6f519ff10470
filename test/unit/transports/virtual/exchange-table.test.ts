import { expect, it } from 'vitest';
import type { Queue } from '../../../../src/messaging/index.js';
import { ExchangeTable } from '../../../../src/transports/virtual/exchange-table.js';

const exchange = { name: 'x', type: 'topic' } as const;
const bind = (name: string, routingKey: string, extra: Partial<Queue> = {}): Queue => ({
  name,
  exchange,
  routingKey,
  ...extra,
});

it('puts taps first and names no queue twice', () => {
  const table = new ExchangeTable();
  for (const queue of [bind('work', 'a'), bind('work', 'a.#'), bind('tap', '#', { tap: true })])
    table.declare(queue);
  expect(table.route({ exchange: 'x', routingKey: 'a' })).toEqual({ taps: ['tap'], work: ['work'] });
});

it('addresses any queue by its name, a tap too', () => {
  expect(new ExchangeTable().route({ exchange: '', routingKey: 'any' })).toEqual({ taps: [], work: ['any'] });
});

it('says which keys are bound when none fits', () => {
  const table = new ExchangeTable();
  table.declare(bind('work', 'export'));
  table.declare(bind('tap', '#', { tap: true }));
  expect(() => table.route({ exchange: 'x', routingKey: 'exprot' })).toThrow(
    /"exprot", only taps would; bound are "export"/,
  );
});

it('forgets a deleted queue', () => {
  const table = new ExchangeTable();
  table.declare(bind('work', 'a'));
  table.forget('work');
  expect(() => table.route({ exchange: 'x', routingKey: 'a' })).toThrow(
    expect.objectContaining({ code: 'UNROUTABLE' }),
  );
});

it('takes an exchange that says it is durable for one that says nothing, and no other difference', () => {
  const table = new ExchangeTable();
  table.declare(bind('a', 'a'));
  table.declare({ ...bind('b', 'b'), exchange: { ...exchange, durable: true } });
  expect(() => table.declare({ ...bind('c', 'c'), exchange: { ...exchange, durable: false } })).toThrow(
    expect.objectContaining({ code: 'BROKER_REFUSED' }),
  );
});
