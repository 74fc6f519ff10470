import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type ErrorCode, hasCode } from '../../base/index.js';
import type { Destination, Exchange, OutgoingMessage, Queue, Transport } from '../../messaging/index.js';
import { type ConsumeOptions, type Consumption, type Delivery, directQueue } from '../../messaging/index.js';

/** Options a case may ask of the transport it is given; adapters understand those that concern them. */
export interface BenchTransportOptions {
  /** Seconds of lease, for transports whose capability is `leased`. */
  readonly visibility_timeout?: number;
}

export type CreateTransport = (options?: BenchTransportOptions) => Promise<Transport>;

/** How long a case waits for something that must happen. Nothing sleeps this long when all is well. */
const PATIENCE_MS = 20_000;

/** What one case works with: fresh names on a broker, and everything it opens is closed and deleted at the end. */
export class Bench {
  readonly #create: CreateTransport;
  readonly #transports: Transport[] = [];
  readonly #queues = new Set<string>();
  readonly #id = randomUUID().slice(0, 8);

  constructor(create: CreateTransport) {
    this.#create = create;
  }

  /** A name no other case uses. */
  name(base: string): string {
    return `t${this.#id}-${base}`;
  }

  /** A queue of its own direct exchange. */
  queue(base: string, extra: Partial<Queue> = {}): Queue {
    return this.#track({ ...directQueue(this.name(base)), ...extra });
  }

  /** A queue bound to `exchange` with `routingKey`. */
  bound(base: string, exchange: Exchange, routingKey: string, extra: Partial<Queue> = {}): Queue {
    return this.#track({ name: this.name(base), exchange, routingKey, ...extra });
  }

  exchange(base: string, type: Exchange['type']): Exchange {
    return { name: this.name(base), type };
  }

  /** A connected transport; all of one case reach the same broker. */
  async transport(options?: BenchTransportOptions): Promise<Transport> {
    const transport = await this.#create(options);
    this.#transports.push(transport);
    await transport.connect();
    return transport;
  }

  /** Starts consuming into an inbox. */
  async consume(
    transport: Transport,
    queues: readonly Queue[],
    options: Partial<ConsumeOptions> = {},
  ): Promise<Inbox> {
    const inbox = new Inbox();
    const consumption = await transport.consume({
      queues,
      prefetch: 0,
      onDelivery: (delivery) => inbox.put(delivery),
      ...options,
    });
    inbox.consumption = consumption;
    return inbox;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#transports.map((transport) => transport.close()));
    if (this.#queues.size === 0) return;
    const sweeper = await this.#create();
    try {
      await sweeper.connect();
      await Promise.all([...this.#queues].map((queue) => sweeper.deleteQueue(queue)));
    } finally {
      await sweeper.close();
    }
  }

  #track(queue: Queue): Queue {
    this.#queues.add(queue.name);
    return queue;
  }
}

/** Deliveries in the order they came, to be waited for. */
export class Inbox {
  readonly seen: Delivery[] = [];
  consumption: Consumption | undefined;
  readonly #ready: Delivery[] = [];
  readonly #waiting: ((delivery: Delivery) => void)[] = [];

  put(delivery: Delivery): void {
    this.seen.push(delivery);
    const waiter = this.#waiting.shift();
    if (waiter) waiter(delivery);
    else this.#ready.push(delivery);
  }

  /** The next delivery nobody took yet. */
  next(what = 'a delivery'): Promise<Delivery> {
    const ready = this.#ready.shift();
    if (ready) return Promise.resolve(ready);
    return within(what, new Promise((resolve) => this.#waiting.push(resolve)));
  }

  async take(count: number): Promise<Delivery[]> {
    const taken: Delivery[] = [];
    while (taken.length < count) taken.push(await this.next(`delivery ${taken.length + 1} of ${count}`));
    return taken;
  }

  get running(): Consumption {
    assert.ok(this.consumption, 'the consumer has started');
    return this.consumption;
  }
}

/** Rejects when `promise` does not settle in time, naming what was waited for. */
export async function within<T>(what: string, promise: Promise<T>, ms = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms for ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again until `check` holds: for figures brokers give with delay. */
export async function eventually(what: string, check: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await check())) {
    assert.ok(Date.now() < deadline, `waited ${PATIENCE_MS} ms until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A small JSON message whose body is `value`. */
export function message(value: unknown, extra: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    body: new TextEncoder().encode(JSON.stringify(value)),
    contentType: 'application/json',
    contentEncoding: 'utf-8',
    headers: { id: randomUUID(), task: 'conformance.case' },
    properties: { correlation_id: randomUUID() },
    ...extra,
  };
}

/** The value `message` was made from. */
export const valueOf = (delivery: Delivery): unknown => JSON.parse(new TextDecoder().decode(delivery.body));

/** The address of a queue through its own exchange. */
export const to = (queue: Queue): Destination => ({
  exchange: queue.exchange.name,
  routingKey: queue.routingKey,
});

/** The address of a queue through the anonymous exchange. */
export const straightTo = (queue: Queue): Destination => ({ exchange: '', routingKey: queue.name });

/** Asserts that `promise` rejects with one of `codes`; gives the error back. */
export async function rejectsWith(promise: Promise<unknown>, ...codes: ErrorCode[]): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    assert.ok(
      codes.some((code) => hasCode(error, code)),
      `expected ${codes.join(' or ')}, got ${error instanceof Error ? error.stack : String(error)}`,
    );
    return error as Error;
  }
  assert.fail(`expected a rejection with ${codes.join(' or ')}`);
}
