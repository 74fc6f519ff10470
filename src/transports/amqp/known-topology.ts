import { type Destination, type Exchange, type Queue, topicMatches } from '../../messaging/index.js';

const MEMO_LIMIT = 1_000;

/** What was declared through this transport: to declare it again, and to tell taps from destinations. */
export class KnownTopology {
  readonly #queues = new Map<string, Queue>();
  readonly #exchanges = new Set<string>(['']);
  readonly #declaredAlone = new Map<string, Exchange>();
  readonly #tapped = new Set<string>();
  #usesQuorum = false;
  readonly #memo = new Map<string, boolean>();

  remember(queues: readonly Queue[]): void {
    for (const queue of queues) {
      this.#queues.set(bindingOf(queue), queue);
      this.#exchanges.add(queue.exchange.name);
      if (queue.arguments?.['x-queue-type'] === 'quorum') this.#usesQuorum = true;
      if (queue.tap === true) this.#tapped.add(queue.exchange.name);
    }
    this.#memo.clear();
  }

  rememberExchange(exchange: Exchange): void {
    this.#exchanges.add(exchange.name);
    this.#declaredAlone.set(exchange.name, exchange);
  }

  /** Those declared without a queue: declared again after a reconnect, as `lasting`. */
  exchanges(): Exchange[] {
    return [...this.#declaredAlone.values()];
  }

  forgetQueue(name: string): void {
    for (const [binding, queue] of this.#queues) if (queue.name === name) this.#queues.delete(binding);
    this.#memo.clear();
  }

  /** Known to exist: declared by us or found on the broker. */
  hasExchange(name: string): boolean {
    return this.#exchanges.has(name);
  }

  sawExchange(name: string): void {
    this.#exchanges.add(name);
  }

  missedExchange(name: string): void {
    this.#exchanges.delete(name);
  }

  /** What is declared again after a reconnect. A queue that deletes itself belongs to its consumer. */
  lasting(): Queue[] {
    return [...this.#queues.values()].filter((queue) => !queue.autoDelete && !queue.exclusive);
  }

  /** A queue of ours is a quorum queue: then Celery lets RabbitMQ keep what is to run later. */
  get usesQuorum(): boolean {
    return this.#usesQuorum;
  }

  /** The declared queues that would take a message sent there, each once. */
  takers({ exchange, routingKey }: Destination): Queue[] {
    const byName = new Map<string, Queue>();
    for (const queue of this.#queues.values()) {
      const taken =
        exchange === ''
          ? queue.name === routingKey
          : queue.exchange.name === exchange && takes(queue, routingKey);
      if (taken) byName.set(queue.name, queue);
    }
    return [...byName.values()];
  }

  /** True when taps, and no other declared queue, would take it. The anonymous exchange addresses one queue by name. */
  onlyTapsTake(exchange: string, routingKey: string): boolean {
    if (!this.#tapped.has(exchange)) return false;
    const key = `${exchange}\0${routingKey}`;
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    const takers = this.takers({ exchange, routingKey });
    const onlyTaps = takers.length > 0 && takers.every((queue) => queue.tap === true);
    if (this.#memo.size >= MEMO_LIMIT) this.#memo.clear();
    this.#memo.set(key, onlyTaps);
    return onlyTaps;
  }
}

/** A queue may be declared once for each of its bindings. */
const bindingOf = (queue: Queue): string => [queue.name, queue.exchange.name, queue.routingKey].join('\0');

function takes(queue: Queue, routingKey: string): boolean {
  switch (queue.exchange.type) {
    case 'fanout':
      return true;
    case 'topic':
      return topicMatches(queue.routingKey, routingKey);
    case 'direct':
      return queue.routingKey === routingKey;
  }
}
