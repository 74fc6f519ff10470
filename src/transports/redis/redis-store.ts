import { ToolboxError } from '../../base/index.js';
import type { Coordination } from '../../coordination/index.js';
import type { Destination, Queue, QueueCounts } from '../../messaging/index.js';
import { answersOf } from '../../redis/index.js';
import {
  type BatchOutcome,
  type Binding,
  type Copy,
  type LeaseChange,
  type QueueOrder,
  type QueueStore,
  type ReceiveOptions,
  type RenewalsSource,
  type SharedExchanges,
  type StoredMessage,
  type StoreMessage,
  type StoreTraits,
} from '../virtual/index.js';
import type { BindingDirectory } from './binding-directory.js';
import type { Broadcasts } from './broadcasts.js';
import type { BrokerConnection } from './broker-connection.js';
import type { Deliveries } from './deliveries.js';
import { hazardsOf } from './hazards.js';
import type { Keys } from './keys.js';
import { RedisCoordination } from './redis-coordination.js';
import type { Restorer } from './restorer.js';

/** Bytes of one batch of publishes: more would keep others waiting at the single-threaded server. */
const BATCH_BYTES = 4 * 1024 * 1024;

/** Seconds of the longest wait; who waits longer comes back and waits again. */
const MAX_PARK_S = 365 * 86_400;

export interface RedisStoreParts {
  readonly url: string;
  readonly commands: BrokerConnection;
  readonly keys: Keys;
  readonly bindings: BindingDirectory;
  readonly deliveries: Deliveries;
  readonly broadcasts: Broadcasts;
  readonly restorer: Restorer;
  readonly leaseSeconds: number;
  readonly publishDeadlineMs: number;
  readonly queueOrder: QueueOrder;
  readonly renewals: RenewalsSource | undefined;
  readonly close: () => Promise<void>;
}

/** The storage verbs over Redis, with kombu's keys. */
export class RedisStore implements QueueStore {
  readonly url: string;
  readonly traits: StoreTraits;
  readonly renewals: RenewalsSource | undefined;
  readonly shared: SharedExchanges;
  readonly coordination: Coordination;
  readonly #parts: RedisStoreParts;

  constructor(parts: RedisStoreParts) {
    this.#parts = parts;
    this.url = parts.url;
    this.renewals = parts.renewals;
    this.coordination = new RedisCoordination(parts.commands, parts.keys, parts.url);
    this.traits = {
      maxBatch: 100,
      leased: true,
      leaseCeilingSeconds: Number.POSITIVE_INFINITY,
      // Python's workers would see a message sent with a delay only when somebody gives it back: they wait themselves.
      maxDelaySeconds: 0,
      maxParkSeconds: MAX_PARK_S,
      maxHeld: 10_000,
      shortWaitSeconds: 0.05,
      sendWindowMs: 0,
      ackWindowMs: 0,
      publishDeadlineMs: parts.publishDeadlineMs,
      maxPollPauseMs: 3000,
      priorities: true,
      queueOrder: parts.queueOrder,
      eventExchangeType: 'fanout',
      besideEnvelope: [],
    };
    this.shared = {
      bindings: (exchange, fresh): Promise<readonly Binding[]> => parts.bindings.of(exchange, fresh),
      batchBytes: BATCH_BYTES,
      sendTogether: (publishes) => this.#sendTogether(publishes),
      broadcast: (destination, text) => this.#broadcast(destination, text),
    };
  }

  async connect(): Promise<void> {
    await this.#parts.commands.open();
  }

  async ensureQueue(queue: Queue): Promise<void> {
    await this.#parts.bindings.declare(queue);
  }

  async attend(queues: readonly Queue[]): Promise<() => Promise<void>> {
    const { broadcasts, restorer } = this.#parts;
    restorer.start();
    const fanout = queues.filter(({ exchange }) => exchange.type === 'fanout');
    const leaves = await Promise.all(fanout.map((queue) => broadcasts.attend(queue)));
    return async () => void (await Promise.all(leaves.map((leave) => leave())));
  }

  leaseOf(): number {
    return this.#parts.leaseSeconds;
  }

  /** A queue takes what a batch takes, and more: alone, any message is sent. */
  limitOf(): number {
    return Number.POSITIVE_INFINITY;
  }

  measure({ text }: StoreMessage): number {
    return text.length;
  }

  laneOf(): undefined {
    return undefined;
  }

  send(queue: string, messages: readonly StoreMessage[]): Promise<BatchOutcome> {
    return this.#sendTogether(messages.map((message) => [{ queue, message }]));
  }

  receive(queue: string, options: ReceiveOptions): Promise<readonly StoredMessage[]> {
    const { broadcasts, deliveries } = this.#parts;
    return broadcasts.has(queue) ? broadcasts.receive(queue, options) : deliveries.receive(queue, options);
  }

  async delete(queue: string, receipts: readonly string[]): Promise<BatchOutcome> {
    const { broadcasts, deliveries } = this.#parts;
    return broadcasts.has(queue) ? receipts.map(() => undefined) : deliveries.settle(queue, receipts);
  }

  /** A renewal, or a return: at once for 0 seconds, else by ending the lease that much later. */
  async extend(queue: string, changes: readonly LeaseChange[]): Promise<BatchOutcome> {
    const { broadcasts, deliveries, restorer, leaseSeconds } = this.#parts;
    // A broadcast is each consumer's own copy: there is no one to give it back to.
    if (broadcasts.has(queue)) return changes.map(() => undefined);
    const now = changes.filter(({ seconds }) => seconds === 0).map(({ receipt }) => receipt);
    const later = changes.filter(({ seconds }) => seconds > 0);
    const [returned, held] = await Promise.all([
      deliveries.giveBack(queue, now),
      deliveries.hold(queue, later),
    ]);
    for (const { seconds } of later) if (seconds < leaseSeconds) restorer.lookIn(seconds * 1000);
    return changes.map(({ seconds }) => (seconds === 0 ? returned.shift() : held.shift()));
  }

  async hazards(): Promise<readonly string[]> {
    return this.#parts.commands.repeat('read its configuration', (client) => hazardsOf(client));
  }

  async count(queue: string): Promise<QueueCounts> {
    await this.#refuseMissing(queue);
    const { commands, keys } = this.#parts;
    const lengths = await commands.repeat(`count of queue "${queue}"`, (client) => {
      const asked = client.pipeline();
      for (const list of keys.listsOf(queue)) asked.llen(list);
      return answersOf(asked);
    });
    const waiting = lengths.reduce<number>((sum, length) => sum + Number(length), 0);
    // What is held or waits for its ETA is kept for all queues together.
    return { waiting, held: null, delayed: null, consumers: null };
  }

  async purge(queue: string): Promise<number> {
    await this.#refuseMissing(queue);
    const { commands, keys } = this.#parts;
    const lists = keys.listsOf(queue);
    const answers = await commands.run(`purge queue "${queue}"`, (client) => {
      const asked = client.multi();
      for (const list of lists) asked.llen(list);
      return answersOf(asked.del(...lists));
    });
    return answers.slice(0, -1).reduce<number>((sum, length) => sum + Number(length), 0);
  }

  async deleteQueue(queue: string): Promise<void> {
    await this.#parts.bindings.remove(queue);
  }

  async close(): Promise<void> {
    await this.#parts.close();
  }

  async #sendTogether(publishes: readonly (readonly Copy[])[]): Promise<BatchOutcome> {
    const { commands, keys } = this.#parts;
    const missing = await this.#missingAmong(publishes);
    const places = new Map<string, number>();
    const names: string[] = [];
    const args: (string | number)[] = [];
    const sent = publishes.filter((copies) => !copies.some(({ queue }) => missing.has(queue)));
    for (const copies of sent) {
      args.push(copies.length);
      for (const { queue, message } of copies) {
        const list = keys.listFor(queue, message.properties.priority);
        let place = places.get(list);
        if (place === undefined) {
          place = names.push(list);
          places.set(list, place);
        }
        args.push(place, message.text);
      }
    }
    const answers =
      sent.length === 0
        ? []
        : await commands.run('publish', (client) => client.wtPublish(names.length, ...names, ...args));
    const outcomes = answers.map((wrong) => (wrong === 0 ? undefined : notAList(names[wrong - 1] ?? '')));
    return publishes.map((copies) => {
      const gone = copies.find(({ queue }) => missing.has(queue));
      return gone === undefined ? outcomes.shift() : notDeclared(gone.queue);
    });
  }

  /** Queues reached by their name alone must exist; what bindings lead to does. */
  async #missingAmong(publishes: readonly (readonly Copy[])[]): Promise<Set<string>> {
    const named = new Set<string>();
    for (const copies of publishes) for (const { queue, bound } of copies) if (!bound) named.add(queue);
    const missing = new Set<string>();
    await Promise.all(
      [...named].map(async (queue) => {
        if (!(await this.#parts.bindings.exists(queue))) missing.add(queue);
      }),
    );
    return missing;
  }

  async #broadcast({ exchange, routingKey }: Destination, text: string): Promise<void> {
    const { commands, keys } = this.#parts;
    await commands.run('broadcast', (client) => client.publish(keys.channel(exchange, routingKey), text));
  }

  async #refuseMissing(queue: string): Promise<void> {
    if (!(await this.#parts.bindings.exists(queue))) throw notDeclared(queue);
  }
}

const notDeclared = (queue: string): ToolboxError =>
  new ToolboxError('NOT_DECLARED', `queue "${queue}" does not exist in Redis: declare it first`, {
    fields: { queue },
  });

const notAList = (key: string): ToolboxError =>
  new ToolboxError(
    'BROKER_REFUSED',
    `key "${key}" in Redis is no list: another program uses the name of this queue`,
    {
      fields: { key },
    },
  );
