import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AckLedger } from '../../../../src/transports/amqp/ack-ledger.js';

/** The broker's side: which tags are held, and what it thinks of what it is told. */
class Broker {
  readonly held = new Set<number>();
  readonly acked: number[] = [];
  frames = 0;

  ack(tag: number, multiple: boolean): void {
    this.frames += 1;
    // RabbitMQ closes the channel over a tag that is not outstanding.
    if (!this.held.has(tag)) throw new Error(`unknown delivery tag ${tag}`);
    for (const one of multiple ? [...this.held].filter((held) => held <= tag) : [tag]) {
      this.held.delete(one);
      this.acked.push(one);
    }
  }
}

describe('AckLedger', () => {
  it('sends an unbroken run as one, others by themselves', () => {
    const broker = new Broker();
    const ledger = new AckLedger(broker);
    for (let tag = 1; tag <= 10; tag += 1) broker.held.add(tag);
    for (const tag of [3, 1, 2, 7, 4, 9]) ledger.ack(tag);
    ledger.flush();
    expect(broker.frames).toBe(3);
    expect(broker.acked).toEqual([1, 2, 3, 4, 7, 9]);
    for (const tag of [5, 6, 8]) ledger.ack(tag);
    ledger.flush();
    expect(broker.frames).toBe(4);
    expect([...broker.held]).toEqual([10]);
  });

  it('settles exactly what was acknowledged, in any order, with rejections between', () => {
    const settle = fc.record({ tag: fc.nat(29), reject: fc.boolean(), flush: fc.boolean() });
    fc.assert(
      fc.property(fc.array(settle, { maxLength: 60 }), (steps) => {
        const broker = new Broker();
        const ledger = new AckLedger(broker);
        for (let tag = 1; tag <= 30; tag += 1) broker.held.add(tag);
        const acked = new Set<number>();
        const rejected = new Set<number>();
        for (const step of steps) {
          const tag = step.tag + 1;
          if (acked.has(tag) || rejected.has(tag)) continue;
          if (step.reject) {
            broker.held.delete(tag);
            ledger.settledAlready(tag);
            rejected.add(tag);
          } else {
            ledger.ack(tag);
            acked.add(tag);
          }
          if (step.flush) ledger.flush();
        }
        ledger.flush();
        expect(new Set(broker.acked)).toEqual(acked);
        expect(broker.held.size).toBe(30 - acked.size - rejected.size);
      }),
    );
  });
});
