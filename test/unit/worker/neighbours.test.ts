import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { App } from '../../../src/app/index.js';
import { type Clock, silentLogger, systemClock } from '../../../src/base/index.js';
import { type Bus, type EventBatch, LamportClock } from '../../../src/bus/index.js';
import { EventDispatcher } from '../../../src/remote/index.js';
import { Neighbours } from '../../../src/worker/neighbours/neighbours.js';

const NAMES = ['a@h', 'b@h', 'c@h'];

interface Node {
  readonly name: string;
  readonly lamport: LamportClock;
  readonly events: EventDispatcher;
  readonly neighbours: Neighbours;
  hear(batch: EventBatch): void;
}

/** Workers whose events each hears in a sender's order, but one sender sooner than another. */
class Party {
  readonly nodes: readonly Node[];
  readonly elected: string[] = [];
  /** Batches on their way, by sender and receiver. */
  readonly #ways = new Map<string, EventBatch[]>();

  constructor(clock: Clock = systemClock) {
    this.nodes = NAMES.map((name) => this.#node(name, clock));
  }

  #node(name: string, clock: Clock): Node {
    const lamport = new LamportClock();
    const publish = async (batch: EventBatch): Promise<void> => {
      for (const to of NAMES) this.#way(name, to).push(batch);
    };
    const logger = silentLogger;
    const events = new EventDispatcher({ publish, lamport, clock, logger, hostname: name });
    const app = { lamport } as unknown as App;
    const elected = async (): Promise<void> => void this.elected.push(name);
    const neighbours = new Neighbours({ app, hostname: name, events, clock, logger, elected });
    let hear: Node['hear'] = () => {};
    const bus = {
      subscribe: async (_pattern: string, onEvents: (events: readonly unknown[]) => void) => {
        hear = ({ events: one }) => onEvents([one]);
      },
    } as unknown as Bus;
    void neighbours.listen(bus);
    return { name, lamport, events, neighbours, hear: (batch) => hear(batch) };
  }

  #way(from: string, to: string): EventBatch[] {
    const way = this.#ways.get(`${from} ${to}`) ?? [];
    this.#ways.set(`${from} ${to}`, way);
    return way;
  }

  /** Delivers what is on its way, as `choose` says, and does `commands` in between. */
  async run(choose: (count: number) => number, commands: readonly (() => void)[] = []): Promise<void> {
    const left = new Set(commands);
    for (;;) {
      for (const { events } of this.nodes) await events.flush();
      const steps = [...left].map((command) => () => {
        left.delete(command);
        command();
      });
      for (const node of this.nodes) {
        for (const from of NAMES) {
          const way = this.#way(from, node.name);
          if (way.length > 0) steps.push(() => node.hear(way.shift() as EventBatch));
        }
      }
      if (steps.length === 0) return;
      steps[choose(steps.length)]?.();
    }
  }

  /** Everybody knows of everybody. */
  async meet(): Promise<void> {
    for (const { events } of this.nodes) events.send('worker-online', { freq: 1_000 });
    await this.run(() => 0);
  }
}

it('one worker wins an election, however events and commands overtake each other', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.infiniteStream(fc.nat(1_000)),
      fc.array(fc.nat(50), { minLength: 3, maxLength: 3 }),
      fc.subarray([0, 1, 2], { minLength: 1 }),
      async (choices, clocks, standing) => {
        const party = new Party();
        await party.meet();
        party.nodes.forEach(({ lamport }, n) => lamport.adjust(clocks[n]));
        const choose = (count: number): number => (choices.next().value as number) % count;
        const commands = standing.map((n) => () => party.nodes[n]?.neighbours.election('e', 'task', {}));
        await party.run(choose, commands);
        expect(party.elected).toHaveLength(1);
      },
    ),
    { numRuns: 300 },
  );
});

it('does not wait for ever for one who does not answer', async () => {
  const timers: (() => void)[] = [];
  const clock = {
    ...systemClock,
    after: vi.fn((_ms: number, run: () => void) => (timers.push(run), vi.fn())),
  };
  const party = new Party(clock);
  await party.meet();
  const [first] = party.nodes;
  first?.hear({
    routingKey: 'worker.online',
    hostname: 'mute@h',
    events: {
      type: 'worker-online',
      hostname: 'mute@h',
      utcoffset: 0,
      pid: 1,
      clock: 1,
      timestamp: 0,
      freq: 1_000,
    },
  });
  first?.neighbours.election('e', 'task', {});
  await party.run(() => 0);
  expect(party.elected).toEqual([]);
  for (const run of timers) run();
  expect(party.elected).toEqual(['a@h']);
});
