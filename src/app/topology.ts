import { ToolboxError } from '../base/index.js';
import { type Destination, directQueue, type Queue, topicMatches } from '../messaging/index.js';
import type { Settings } from './settings/index.js';

/** Destinations whose answer is remembered. */
const REMEMBERED = 1000;

/**
 * The queues an app knows: those of `task_queues` (or the default queue alone), and those made on the way for names
 * that are not among them.
 */
export class Topology {
  /** The queues of the settings, in order. */
  readonly configured: readonly Queue[];
  readonly #settings: Settings;
  readonly #byName: Map<string, Queue>;
  readonly #aliases = new Map<string, Queue>();
  readonly #taken = new Map<string, boolean>();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.configured = (settings.task_queues ?? [defaultQueue(settings)]).map((queue) =>
      withLimits(queue, settings),
    );
    this.#byName = new Map(this.configured.map((queue) => [queue.name, queue]));
    for (const queue of this.configured) if (queue.alias !== undefined) this.#aliases.set(queue.alias, queue);
  }

  /**
   * The queue of that name, made when it is missing and `task_create_missing_queues` allows it.
   *
   * @throws ToolboxError NOT_DECLARED when it does not.
   */
  queue(name: string): Queue {
    const known = this.#byName.get(name) ?? this.#aliases.get(name);
    if (known !== undefined) return known;
    if (!this.#settings.task_create_missing_queues) {
      throw new ToolboxError(
        'NOT_DECLARED',
        `Queue ${name} is missing from task_queues; add it there, or allow task_create_missing_queues`,
        { fields: { queue: name, known: [...this.#byName.keys()] } },
      );
    }
    const made = withLimits(missingQueue(name, this.#settings), this.#settings);
    this.#byName.set(name, made);
    this.#taken.clear();
    return made;
  }

  /** False when the exchange is one of ours and no queue but a tap would take a message sent there. */
  takes({ exchange, routingKey }: Destination): boolean {
    const key = `${exchange}\n${routingKey}`;
    const known = this.#taken.get(key);
    if (known !== undefined) return known;
    if (this.#taken.size >= REMEMBERED) this.#taken.clear();
    const taken =
      exchange === ''
        ? this.#byName.get(routingKey)?.tap !== true
        : (this.takers({ exchange, routingKey })?.some((queue) => queue.tap !== true) ?? true);
    this.#taken.set(key, taken);
    return taken;
  }

  /** The queues that would take a message sent there, taps included; undefined when the exchange is not one of ours. */
  takers({ exchange, routingKey }: Destination): readonly Queue[] | undefined {
    const queues = [...this.#byName.values()];
    if (exchange === '') return queues.filter(({ name }) => name === routingKey);
    const bound = queues.filter((queue) => queue.exchange.name === exchange);
    return bound.length === 0 ? undefined : bound.filter((queue) => takes(queue, routingKey));
  }

  /** The routing keys bound to an exchange, taps left out. */
  keys(exchange: string): readonly string[] {
    return [...this.#byName.values()]
      .filter((queue) => queue.tap !== true && (exchange === '' || queue.exchange.name === exchange))
      .map((queue) => (exchange === '' ? queue.name : queue.routingKey));
  }
}

function takes({ exchange, routingKey: bindingKey }: Queue, routingKey: string): boolean {
  if (exchange.type === 'fanout') return true;
  return exchange.type === 'topic' ? topicMatches(bindingKey, routingKey) : bindingKey === routingKey;
}

const ofType = (type: string): Pick<Queue, 'arguments'> =>
  type === 'classic' ? {} : { arguments: { 'x-queue-type': type } };

const defaultQueue = (settings: Settings): Queue => ({
  name: settings.task_default_queue,
  exchange: {
    name: settings.task_default_exchange ?? settings.task_default_queue,
    type: settings.task_default_exchange_type,
  },
  routingKey: settings.task_default_routing_key ?? settings.task_default_queue,
  ...ofType(settings.task_default_queue_type),
});

const missingQueue = (name: string, settings: Settings): Queue => ({
  ...directQueue(name),
  exchange: { name, type: settings.task_create_missing_queue_exchange_type ?? 'direct' },
  ...ofType(settings.task_create_missing_queue_type),
});

function withLimits(queue: Queue, { task_queue_max_priority: highest }: Settings): Queue {
  if (highest === null || queue.arguments?.['x-max-priority'] !== undefined) return queue;
  return { ...queue, arguments: { ...queue.arguments, 'x-max-priority': highest } };
}
