import { setMaxListeners } from 'node:events';
import type { Clock } from '../../base/index.js';
import { illegalCall, type Logger } from '../../base/index.js';
import type { Coordination } from '../../coordination/index.js';
import type {
  ConsumeOptions,
  Consumption,
  DeadLetters,
  Exchange,
  OutgoingMessage,
  PublishOptions,
  Queue,
  QueueCounts,
  Transport,
  TransportCapabilities,
} from '../../messaging/index.js';
import { BatchedStore } from './batched-store.js';
import { ExchangeTable } from './exchange-table.js';
import { aborted, orAborted } from './failures.js';
import { LeaseGuard } from './lease-guard/index.js';
import { LeaseKeeper } from './lease-keeper.js';
import { Pending } from './pending.js';
import { Publisher } from './publisher.js';
import type { QueueStore } from './queue-store.js';
import { Settler } from './settler.js';
import { VirtualConsumption } from './virtual-consumption.js';

/** A transport over a store of queues: exchanges, routing, prefetch, leases and batches are made here, in the client. */
export class VirtualTransport implements Transport {
  readonly #store: QueueStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  readonly #exchanges = new ExchangeTable();
  readonly #publishes = new Pending();
  readonly #consumptions = new Set<VirtualConsumption>();
  readonly #batched: BatchedStore;
  readonly #leases: LeaseKeeper;
  readonly #settler: Settler;
  readonly #publisher: Publisher;
  #guard: LeaseGuard | undefined;
  #closed: Promise<void> | undefined;

  constructor(store: QueueStore, { clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    const closing = this.#closing.signal;
    // While the broker is away, everything that waits to be sent again listens to it.
    setMaxListeners(0, closing);
    this.#batched = new BatchedStore(store, clock);
    this.#leases = new LeaseKeeper(store, clock, logger);
    this.#settler = new Settler({ store, batched: this.#batched, leases: this.#leases, clock, closing });
    this.#publisher = new Publisher({
      store,
      batched: this.#batched,
      exchanges: this.#exchanges,
      clock,
      closing,
    });
  }

  get url(): string {
    return this.#store.url;
  }

  get coordination(): Coordination | undefined {
    return this.#store.coordination;
  }

  /** The limit is the least of the queues declared so far. */
  get capabilities(): TransportCapabilities {
    const { traits } = this.#store;
    const { leased, maxDelaySeconds, priorities = false, eventExchangeType = 'topic' } = traits;
    const shared = this.#store.shared !== undefined;
    return {
      fanOut: shared ? 'atomic' : 'per-queue',
      maxDelaySeconds,
      maxParkSeconds: traits.maxParkSeconds ?? maxDelaySeconds,
      minDelaySeconds: 1,
      leased,
      priorities,
      broadcast: shared,
      eventExchangeType,
      maxMessageBytes: this.#store.limitOf(),
    };
  }

  get whenSilent(): string {
    if (!this.#store.traits.leased) return 'its messages wait meanwhile';
    return this.#guard === undefined
      ? 'its messages are given to other workers as well when their leases end'
      : 'a thread renews the leases of its messages meanwhile';
  }

  async connect(signal?: AbortSignal): Promise<void> {
    this.#refuseClosed('connect');
    await orAborted(this.#store.connect(signal), signal, 'connect');
  }

  async declare(queues: readonly Queue[]): Promise<void> {
    this.#refuseClosed('declare');
    for (const queue of queues) this.#exchanges.declare(queue);
    await Promise.all(queues.map((queue) => this.#store.ensureQueue(queue)));
  }

  async declareExchange(exchange: Exchange): Promise<void> {
    this.#refuseClosed('declareExchange');
    this.#exchanges.declareExchange(exchange);
  }

  async publish(message: OutgoingMessage, options: PublishOptions): Promise<void> {
    const { signal } = options;
    this.#refuseClosed('publish');
    if (signal?.aborted) throw aborted('publish', signal);
    await orAborted(this.#publishes.track(this.#publisher.publish(message, options)), signal, 'publish');
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    await this.declare(options.queues);
    this.#refuseClosed('consume');
    const leave = await this.#store.attend?.(options.queues);
    if (options.mayBlock === true) this.#guardLeases();
    const consumption: VirtualConsumption = new VirtualConsumption(
      {
        store: this.#store,
        leases: this.#leases,
        settler: this.#settler,
        clock: this.#clock,
        logger: this.#logger,
        declare: (queue) => this.#store.ensureQueue(queue),
        leave: () => this.#leave(consumption, options, leave),
      },
      options,
    );
    this.#consumptions.add(consumption);
    return consumption;
  }

  /** The consumer has received its last: queues that live as long as their consumers go, as far as we know those. */
  async #leave(
    consumption: VirtualConsumption,
    { queues }: ConsumeOptions,
    leave: (() => Promise<void>) | undefined,
  ): Promise<void> {
    this.#consumptions.delete(consumption);
    await leave?.();
    const inUse = (name: string): boolean => [...this.#consumptions].some((one) => one.consumes(name));
    const gone = queues.filter(({ name, autoDelete }) => autoDelete === true && !inUse(name));
    for (const { name } of gone) this.#exchanges.forget(name);
    await Promise.all(gone.map(({ name }) => this.#store.deleteQueue(name)));
  }

  async size(queue: string): Promise<number> {
    this.#refuseClosed('size');
    return (await this.#store.count(queue)).waiting;
  }

  async count(queue: string): Promise<QueueCounts> {
    this.#refuseClosed('count');
    return this.#store.count(queue);
  }

  async deadLetters(queue: string): Promise<DeadLetters | undefined> {
    this.#refuseClosed('deadLetters');
    return this.#store.deadLetters?.(queue);
  }

  get bindings(): Transport['bindings'] {
    const { shared } = this.#store;
    return shared && ((exchange) => shared.bindings(exchange, true));
  }

  async hazards(): Promise<readonly string[]> {
    this.#refuseClosed('hazards');
    return (await this.#store.hazards?.()) ?? [];
  }

  async purge(queue: string): Promise<number> {
    this.#refuseClosed('purge');
    return this.#store.purge(queue);
  }

  async deleteQueue(queue: string): Promise<void> {
    this.#refuseClosed('deleteQueue');
    this.#exchanges.forget(queue);
    await this.#store.deleteQueue(queue);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Fetching ends first; what is under way is sent, once, without trying again; what is still held goes back. */
  async #close(): Promise<void> {
    await Promise.all([...this.#consumptions].map((consumption) => consumption.stop()));
    this.#closing.abort();
    this.#batched.hurry();
    await Promise.all([this.#publishes.settled(), this.#settler.settled()]);
    await this.#settler.surrender('the transport was closed');
    await this.#guard?.close();
    await this.#store.close();
  }

  #guardLeases(): void {
    const { renewals, traits } = this.#store;
    if (renewals === undefined || this.#guard !== undefined) return;
    this.#guard = new LeaseGuard(renewals, traits.maxBatch, this.#clock, this.#logger);
    this.#leases.guardWith(this.#guard);
  }

  #refuseClosed(verb: string): void {
    if (this.#closed) throw illegalCall(verb, 'closed');
  }
}
