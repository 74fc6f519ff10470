import type { Clock } from '../../base/index.js';
import type { Queue } from '../../messaging/index.js';
import { answersOf } from '../../redis/index.js';
import type { Binding } from '../virtual/index.js';
import type { BrokerConnection } from './broker-connection.js';
import type { Keys } from './keys.js';
import type { ScriptedRedis } from './scripts.js';

/** Milliseconds for which what was read of an exchange is believed. */
const BELIEVED_MS = 1000;

/** The bindings in Redis, which all programs share: written as kombu writes them, read as it reads them. */
export class BindingDirectory {
  readonly #connection: BrokerConnection;
  readonly #keys: Keys;
  readonly #clock: Clock;
  readonly #declared = new Map<string, Queue>();
  readonly #read = new Map<string, { readonly at: number; readonly bindings: Promise<readonly Binding[]> }>();

  constructor(connection: BrokerConnection, keys: Keys, clock: Clock) {
    this.#connection = connection;
    this.#keys = keys;
    this.#clock = clock;
  }

  async declare(queue: Queue): Promise<void> {
    await this.#connection.repeat(`declare queue "${queue.name}"`, (client) => this.#write(client, [queue]));
    this.#declared.set(JSON.stringify([queue.name, queue.exchange.name, queue.routingKey]), queue);
    this.#read.delete(queue.exchange.name);
  }

  /** After a connection was lost the data may be gone as well: everything is declared once more. */
  async redeclare(client: ScriptedRedis): Promise<void> {
    if (this.#declared.size > 0) await this.#write(client, [...this.#declared.values()]);
  }

  /** What is bound to an exchange; read at most a second ago unless `fresh`. */
  of(exchange: string, fresh = false): Promise<readonly Binding[]> {
    const now = this.#clock.monotonic();
    const known = this.#read.get(exchange);
    if (known !== undefined && !fresh && now - known.at < BELIEVED_MS) return known.bindings;
    const bindings = this.#connection
      .repeat(`read the bindings of exchange "${exchange}"`, (client) =>
        client.smembers(this.#keys.bindings(exchange)),
      )
      .then((members) => members.flatMap((member) => this.#parse(member)));
    this.#read.set(exchange, { at: now, bindings });
    bindings.catch(() => this.#read.delete(exchange));
    return bindings;
  }

  /**
   * Redis has no queues, only their messages. One exists when somebody of ours declared it, when messages wait in it, or
   * when kombu declared it on the exchange of its own name.
   */
  async exists(queue: string): Promise<boolean> {
    for (const { name } of this.#declared.values()) if (name === queue) return true;
    const keys = [this.#keys.queueRecord(queue), ...this.#keys.listsOf(queue)];
    const found = await this.#connection.repeat(`look for queue "${queue}"`, (client) =>
      client.exists(...keys),
    );
    if (found > 0) return true;
    return (await this.of(queue)).some((binding) => binding.queue === queue);
  }

  /** Removes the queue with its bindings, as far as they are known. */
  async remove(queue: string): Promise<void> {
    const exchanges = new Set([queue]);
    for (const [key, declared] of this.#declared) {
      if (declared.name !== queue) continue;
      exchanges.add(declared.exchange.name);
      this.#declared.delete(key);
    }
    await this.#connection.repeat(`delete queue "${queue}"`, async (client) => {
      const record = this.#keys.queueRecord(queue);
      for (const exchange of await client.smembers(record)) exchanges.add(exchange);
      const gone = client.multi().del(record, ...this.#keys.listsOf(queue));
      for (const exchange of exchanges) {
        this.#read.delete(exchange);
        for (const key of [this.#keys.bindings(exchange), this.#keys.permanentBindings(exchange)]) {
          const members = (await client.smembers(key)).filter((member) => this.#queueOf(member) === queue);
          if (members.length > 0) gone.srem(key, ...members);
        }
      }
      await answersOf(gone);
    });
  }

  async #write(client: ScriptedRedis, queues: readonly Queue[]): Promise<void> {
    const commands = client.multi();
    for (const { name, exchange, routingKey } of queues) {
      commands.sadd(this.#keys.queueRecord(name), exchange.name);
      if (exchange.name === '') continue;
      const pattern = exchange.type === 'topic' ? topicPattern(routingKey) : '';
      const member = [routingKey, pattern, name].join(this.#keys.sep);
      commands.sadd(this.#keys.bindings(exchange.name), member);
      commands.sadd(this.#keys.permanentBindings(exchange.name), member);
    }
    await answersOf(commands);
  }

  #queueOf(member: string): string | undefined {
    return member.split(this.#keys.sep)[2];
  }

  #parse(member: string): Binding[] {
    const [routingKey = '', pattern = '', queue = ''] = member.split(this.#keys.sep);
    // As kombu's exchanges: only those of topic exchanges have a pattern.
    return queue === '' ? [] : [{ queue, routingKey, topic: pattern !== '' }];
  }
}

const WILDCARDS: ReadonlyMap<string, string> = new Map([
  ['*', '[^\\.]+'],
  ['#', '.*?'],
]);

/** The regular expression by which kombu's producers match a topic key (kombu.transport.virtual.exchange). */
export function topicPattern(key: string): string {
  const escaped = key.replaceAll(/[^\p{L}\p{N}.#*]/gu, (char) => (char === '\0' ? '\\000' : `\\${char}`));
  const words = escaped.split('.').map((word) => WILDCARDS.get(word) ?? word);
  return `^${words.join('\\.')}$`;
}
