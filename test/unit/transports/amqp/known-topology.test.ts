import { describe, expect, it } from 'vitest';
import { directQueue, type Queue } from '../../../../src/messaging/index.js';
import { KnownTopology } from '../../../../src/transports/amqp/known-topology.js';

const topic = { name: 'task_exchange', type: 'topic' } as const;
const work: Queue = { name: 'export', exchange: topic, routingKey: 'export' };
const tap: Queue = { name: 'platform', exchange: topic, routingKey: '#', tap: true };

describe('KnownTopology', () => {
  it('tells what only taps would take', () => {
    const known = new KnownTopology();
    known.remember([work, tap]);
    expect(known.onlyTapsTake('task_exchange', 'other')).toBe(true);
    expect(known.onlyTapsTake('task_exchange', 'export')).toBe(false);
    expect(known.onlyTapsTake('elsewhere', 'other')).toBe(false);
    known.remember([{ name: 'other', exchange: topic, routingKey: 'other' }]);
    expect(known.onlyTapsTake('task_exchange', 'other')).toBe(false);
    known.forgetQueue('other');
    expect(known.onlyTapsTake('task_exchange', 'other')).toBe(true);
  });

  it('counts each binding of a queue', () => {
    const known = new KnownTopology();
    known.remember([tap, work, { ...work, routingKey: 'also' }]);
    expect(known.onlyTapsTake('task_exchange', 'export')).toBe(false);
    expect(known.onlyTapsTake('task_exchange', 'also')).toBe(false);
  });

  it('declares again what lasts', () => {
    const known = new KnownTopology();
    known.remember([work, { ...directQueue('reply'), autoDelete: true }]);
    expect(known.lasting()).toEqual([work]);
  });

  it('knows exchanges that were declared or seen', () => {
    const known = new KnownTopology();
    known.remember([work]);
    known.sawExchange('theirs');
    expect(['', 'task_exchange', 'theirs', 'none'].map((name) => known.hasExchange(name))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    known.missedExchange('theirs');
    expect(known.hasExchange('theirs')).toBe(false);
  });
});
