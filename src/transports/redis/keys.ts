import type { RedisOptions } from './redis-options.js';

/** The names of kombu's keys (kombu.transport.redis, Channel), and some of ours. */
export class Keys {
  readonly unacked: string;
  readonly unackedIndex: string;
  /** List of records of deliveries that nobody can read. */
  readonly unreadable: string;
  readonly sep: string;
  readonly #prefix: string;
  readonly #steps: readonly number[];
  readonly #channels: string;
  readonly #patterns: boolean;

  constructor(options: RedisOptions, db: number) {
    const prefix = options.global_keyprefix;
    this.#prefix = prefix;
    this.sep = options.sep;
    this.#steps = [...options.priority_steps].sort((a, b) => a - b);
    this.unacked = prefix + options.unacked_key;
    this.unackedIndex = prefix + options.unacked_index_key;
    this.unreadable = `${prefix}_workertoolbox.unreadable`;
    const { fanout_prefix: channels } = options;
    this.#channels =
      prefix +
      (channels === true ? `/${db}.` : channels === false ? '' : channels.replaceAll('{db}', String(db)));
    this.#patterns = options.fanout_patterns;
  }

  /** A queue's lists, the most urgent first. */
  listsOf(queue: string): string[] {
    return this.#steps.map((step) => this.#list(queue, step));
  }

  /** The list a message of that priority belongs to. */
  listFor(queue: string, priority: unknown): string {
    const wanted = Math.min(9, Math.max(0, Number(priority) || 0));
    // A priority below all steps goes to the last, as kombu's bisect does it.
    return this.#list(queue, this.#steps.findLast((step) => step <= wanted) ?? this.#steps.at(-1) ?? 0);
  }

  /** Set of an exchange's bindings. */
  bindings(exchange: string): string {
    return `${this.#prefix}_kombu.binding.${exchange}`;
  }

  /** Set of those of them that do not expire: while it has members, no kombu removes the other. */
  permanentBindings(exchange: string): string {
    return `${this.#prefix}_kombu.binding_permanent.${exchange}`;
  }

  /** Set of the exchanges a queue was bound to by us; '' is always among them. It exists as long as the queue does. */
  queueRecord(queue: string): string {
    return `${this.#prefix}_workertoolbox.queue.${queue}`;
  }

  lock(name: string): string {
    return `${this.#prefix}_workertoolbox.lock.${name}`;
  }

  line(name: string): string {
    return `${this.#prefix}_workertoolbox.line.${name}`;
  }

  /** Channel of what is broadcast through an exchange. */
  channel(exchange: string, routingKey: string): string {
    return this.#channels + exchange + (routingKey !== '' && this.#patterns ? `/${routingKey}` : '');
  }

  /** Pattern of the channels a queue listens to. */
  channelPattern(exchange: string, bindingKey: string): string {
    return this.channel(exchange, bindingKey.replaceAll('#', '*'));
  }

  #list(queue: string, step: number): string {
    return this.#prefix + queue + (step === 0 ? '' : this.sep + step);
  }
}
