import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noLog } from '../../../../src/embedded/sqs/journal/log-record.js';
import type { Message } from '../../../../src/embedded/sqs/store/message.js';
import { MAX_IN_FLIGHT, type Queue } from '../../../../src/embedded/sqs/store/queue.js';
import { Store } from '../../../../src/embedded/sqs/store/store.js';
import { ManualClock } from './support/manual-clock.js';

function queueOf(
  fifo: boolean,
  attributes: Record<string, string> = {},
): { queue: Queue; clock: ManualClock } {
  const clock = new ManualClock();
  const store = new Store({ clock, log: noLog, arnPrefix: 'arn:aws:sqs:us-east-1:000000000000' });
  const kind = fifo ? { FifoQueue: 'true' } : {};
  return { queue: store.create(fifo ? 'q.fifo' : 'q', { ...kind, ...attributes }, {}), clock };
}

type Step =
  | { readonly do: 'send'; readonly group: number; readonly delay: number }
  | { readonly do: 'receive'; readonly max: number; readonly lease: number }
  | { readonly do: 'delete' | 'show'; readonly which: number }
  | { readonly do: 'pass'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('send' as const), group: fc.nat(3), delay: fc.constantFrom(0, 0, 0, 3) }),
  fc.record({ do: fc.constant('receive' as const), max: fc.integer({ min: 1, max: 10 }), lease: fc.nat(5) }),
  fc.record({ do: fc.constantFrom('delete' as const, 'show' as const), which: fc.nat(20) }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.nat(4) }),
);

/** A queue told in the plainest way: one list, looked through from the start each time. */
class Plain {
  readonly all: { seq: number; group: string; visibleAt: number; held: boolean }[] = [];

  settle(now: number): void {
    for (const message of this.all) if (message.visibleAt <= now) message.held = false;
  }

  /** What a receive may give, group by group: in a FIFO queue, of a free group, up to the first that is not visible. */
  available(fifo: boolean, now: number): number[][] {
    if (!fifo) return this.all.filter(({ visibleAt }) => visibleAt <= now).map(({ seq }) => [seq]);
    return [...new Set(this.all.map(({ group }) => group))].map((group) => {
      const members = this.all.filter((message) => message.group === group);
      if (members.some(({ held }) => held)) return [];
      const end = members.findIndex(({ visibleAt }) => visibleAt > now);
      return members.slice(0, end === -1 ? undefined : end).map(({ seq }) => seq);
    });
  }

  remove(seq: number): void {
    this.all.splice(
      this.all.findIndex((message) => message.seq === seq),
      1,
    );
  }
}

async function compare(fifo: boolean, steps: readonly Step[]): Promise<void> {
  const { queue, clock } = queueOf(fifo);
  const plain = new Plain();
  let held: Message[] = [];
  for (const [n, step] of steps.entries()) {
    const now = clock.now();
    plain.settle(now);
    held = held.filter(({ seq }) => queue.stock.messages.get(seq)?.state === 'held');
    if (step.do === 'send') {
      const group = `g${step.group}`;
      const { seq } = queue.send({
        body: `${n}`,
        groupId: group,
        deduplicationId: `${n}`,
        delayMs: step.delay,
      });
      plain.all.push({ seq, group, visibleAt: now + step.delay, held: false });
    } else if (step.do === 'receive') {
      const available = plain.available(fifo, now);
      const got = queue.receive({ max: step.max, visibilityMs: step.lease });
      expect(got).toHaveLength(Math.min(step.max, available.flat().length));
      for (const group of available) {
        const ofGroup = got.map(({ seq }) => seq).filter((seq) => group.includes(seq));
        expect(ofGroup).toEqual(group.slice(0, ofGroup.length));
      }
      for (const { seq } of got) {
        const message = plain.all.find((other) => other.seq === seq)!;
        Object.assign(message, { visibleAt: now + step.lease, held: true });
      }
      held.push(...got);
    } else if (step.do === 'pass') {
      await clock.advance(step.ms);
    } else {
      const message = held[step.which];
      if (message === undefined) continue;
      if (step.do === 'delete') {
        queue.delete(message);
        plain.remove(message.seq);
      } else {
        queue.extend(message, 0);
        Object.assign(plain.all.find(({ seq }) => seq === message.seq)!, { visibleAt: now, held: false });
      }
    }
    plain.settle(clock.now());
    const { visible, held: inFlight, delayed } = queue.stock;
    expect(visible + inFlight + delayed).toBe(plain.all.length);
    expect(inFlight).toBe(plain.all.filter((message) => message.held).length);
    expect(visible).toBe(plain.all.filter(({ visibleAt }) => visibleAt <= clock.now()).length);
  }
}

describe('the store', () => {
  it.each([
    ['standard', false],
    ['FIFO', true],
  ])('gives from a %s queue what the plainest queue would give', async (_, fifo) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), (steps) => compare(fifo, steps)),
      { numRuns: 200 },
    );
  });

  it.each([
    ['standard', false],
    ['FIFO', true],
  ])(
    'holds at most 120,000 messages of a %s queue in flight, and looks at none in vain',
    (_, fifo) => {
      // A search through all messages at every call would not end within the time.
      const { queue } = queueOf(fifo);
      const surplus = 30_000;
      for (let i = 0; i < MAX_IN_FLIGHT + surplus; i += 1) {
        queue.send({ body: 'x', groupId: `g${i}`, deduplicationId: `${i}` });
      }
      const held: Message[] = [];
      for (let i = 0; i < MAX_IN_FLIGHT; i += 10)
        held.push(...queue.receive({ max: 10, visibilityMs: 60_000 }));
      expect(held).toHaveLength(MAX_IN_FLIGHT);
      expect(queue.receive({ max: 10, visibilityMs: 60_000 })).toEqual([]);
      for (const message of held.reverse()) queue.delete(message);
      expect(queue.stock.visible).toBe(surplus);
      for (let i = 0; i < surplus; i += 10) {
        for (const message of queue.receive({ max: 10, visibilityMs: 60_000 })) queue.delete(message);
      }
      expect(queue.stock.messages.size).toBe(0);
    },
    120_000,
  );
});
