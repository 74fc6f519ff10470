import type { AppSurroundings, CeleryApp } from '../../app/index.js';
import type { AnyState } from '../../base/index.js';
import type { ResultRecord, TaskMeta } from '../../results/index.js';
import { MemoryResultBackend } from '../../results/memory/index.js';
import { VirtualTransport } from '../../transports/virtual/index.js';
import { Faults, type Life, type Moment } from './faults.js';
import { LabQueues } from './lab-queues.js';
import { LabResults } from './lab-results.js';
import { LabStore } from './lab-store.js';
import { surroundings } from './surroundings.js';
import { inState } from './until.js';
import { VirtualClock } from './virtual-clock.js';

export interface LabOptions {
  /** When it is. Default 2026-01-01T00:00:00Z. */
  readonly now?: Date;
  /** Seconds a message is held for its worker. Default: `visibility_timeout` of `broker_transport_options`, else 30. */
  readonly leaseSeconds?: number;
  /** Deliveries after which the broker moves a message to `<queue>-dead`. Default: never. */
  readonly deadLetterAfter?: number;
}

/** A state that was stored. */
export interface StoredState {
  readonly state: AnyState;
  readonly result: unknown;
}

const NEW_YEAR = new Date('2026-01-01T00:00:00Z');

/** What a program finds around it and what outlives it: time, queues, results; and all that can go wrong with them. */
export class LabWorld {
  readonly clock: VirtualClock;
  readonly queues: LabQueues;
  readonly faults = new Faults();
  readonly #app: CeleryApp;
  readonly #store: MemoryResultBackend;
  readonly #taken: (queue: string, envelope: string) => boolean;
  readonly #states = new Map<string, StoredState[]>();
  #end: () => void = () => undefined;

  constructor(
    app: CeleryApp,
    { now = NEW_YEAR, leaseSeconds, deadLetterAfter }: LabOptions,
    taken: (queue: string, envelope: string) => boolean,
  ) {
    const { broker_transport_options: options, result_expires } = app.conf;
    this.#app = app;
    this.#taken = taken;
    this.clock = new VirtualClock(now);
    this.queues = new LabQueues({
      clock: this.clock,
      leaseSeconds: leaseSeconds ?? Number(options['visibility_timeout'] ?? 30),
      deadLetterAfter,
    });
    this.#store = new MemoryResultBackend({ options: { result_expires }, clock: this.clock });
  }

  enter(): Promise<void> {
    return this.#app.relocate(this.#begin());
  }

  leave(): Promise<void> {
    return this.#app.relocate(null);
  }

  /** The program ends at that moment and is started again: `ended` is called in between. Resolves after that. */
  crash(moment: Moment, ended: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.faults.crashAt(moment, () => {
        this.#end();
        ended();
        void this.#app.relocate(this.#begin(), { crash: true }).then(resolve);
      });
    });
  }

  states(taskId: string): readonly StoredState[] {
    return this.#states.get(taskId) ?? [];
  }

  /** The state, when it was ever stored. Throws when it cannot come any more. */
  async seen(taskId: string, state: AnyState): Promise<StoredState | undefined> {
    const seen = this.states(taskId).findLast((one) => one.state === state);
    if (seen !== undefined) return seen;
    const [meta] = await this.#store.get([taskId]);
    return inState(meta as TaskMeta, state) && { state, result: meta?.result };
  }

  /** A program starts: connections and timers of its own, which end with it. */
  #begin(): AppSurroundings {
    const life: Life = { crashed: false };
    const clock = this.clock.branch();
    this.#end = () => clock.cut();
    const { queues, faults } = this;
    const taken = this.#taken;
    return surroundings(
      clock,
      ({ logger }) =>
        new VirtualTransport(new LabStore({ queues, faults, life, clock, taken }), { clock, logger }),
      () => new LabResults(this.#store, faults, life, (record) => this.#stored(record)),
    );
  }

  #stored({ taskId, status, result }: ResultRecord): void {
    this.#states.set(taskId, [...this.states(taskId), { state: status, result }]);
  }
}
