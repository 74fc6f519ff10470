import type { Clock, Emitter } from '../base/index.js';
import { ToolboxError } from '../base/index.js';
import {
  type Destination,
  isBroadcast,
  type OutgoingMessage,
  type Queue,
  type Transport,
} from '../messaging/index.js';
import type { CallOptions } from './call-options.js';
import { waitFor } from './once.js';
import { withPublishRetry } from './publish-retry.js';
import type { Settings } from './settings/index.js';
import type { Signals } from './signals.js';
import type { Topology } from './topology.js';

export interface PublisherParts {
  readonly settings: Settings;
  readonly topology: Topology;
  readonly clock: () => Clock;
  readonly signals: Emitter<Signals>;
  readonly broker: () => Promise<Transport>;
}

/** A message for a destination; `make` is told what the broker can do, and called once. */
export interface Publication {
  readonly task: string;
  readonly id: string;
  readonly destination: Destination;
  readonly queue: Queue | undefined;
  readonly options: CallOptions;
  readonly make: (transport: Transport) => Promise<OutgoingMessage>;
}

/** Declares before it publishes, refuses what no queue would take, tries again while the broker is away. */
export class Publisher {
  readonly #parts: PublisherParts;
  readonly #hooks: (() => Promise<void>)[] = [];
  readonly #declared = new Set<string>();
  #allDeclared = false;
  #preparing: Promise<void> | undefined;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  /** Runs once, before the next publish. A hook that fails fails that publish and runs again before the one after. */
  beforeFirst(hook: () => Promise<void>): void {
    this.#hooks.push(hook);
  }

  /** Resolves when the broker has the message. */
  async publish({ task, id, destination, queue, options, make }: Publication): Promise<void> {
    this.#refuseUnroutable(task, destination);
    const { settings, clock, signals, broker } = this.#parts;
    const { signal } = options;
    let message: OutgoingMessage | undefined;
    await withPublishRetry(
      async () => {
        const transport = await waitFor(broker(), signal);
        await waitFor(this.#prepare(transport, queue), signal);
        if (message === undefined) {
          message = await make(transport);
          await this.#tell('before_task_publish', task, id, message, destination, queue);
        }
        // A broadcast reaches whoever listens, and that may be nobody.
        const mandatory = !(this.#parts.topology.takers(destination)?.every(isBroadcast) ?? false);
        await transport.publish(message, { ...destination, mandatory, ...(signal && { signal }) });
      },
      options,
      settings,
      clock(),
    );
    if (message !== undefined && signals.has('after_task_publish')) {
      await this.#tell('after_task_publish', task, id, message, destination, queue);
    }
  }

  /** The connection was closed: the next publish declares again. */
  reset(): void {
    this.#declared.clear();
    this.#allDeclared = false;
  }

  async #tell(
    signal: 'before_task_publish' | 'after_task_publish',
    task: string,
    id: string,
    message: OutgoingMessage,
    { exchange, routingKey }: Destination,
    queue: Queue | undefined,
  ): Promise<void> {
    const payload = { task, id, message, exchange, routingKey, queue: queue?.name ?? null };
    await this.#parts.signals.send(signal, payload);
  }

  #refuseUnroutable(task: string, destination: Destination): void {
    if (!this.#parts.topology.takes(destination)) throw unroutable(task, destination, this.#parts.topology);
  }

  /** One attempt at a time; after a failure the next publish goes on where it stopped. */
  async #prepare(transport: Transport, queue: Queue | undefined): Promise<void> {
    while (!this.#isReady(queue)) {
      this.#preparing ??= this.#prepareOnce(transport, queue).finally(() => {
        this.#preparing = undefined;
      });
      await this.#preparing;
    }
  }

  #isReady(queue: Queue | undefined): boolean {
    const declared = queue === undefined || this.#declared.has(queue.name);
    return this.#allDeclared && this.#hooks.length === 0 && declared;
  }

  async #prepareOnce(transport: Transport, queue: Queue | undefined): Promise<void> {
    const { configured } = this.#parts.topology;
    const wanted = queue === undefined || configured.includes(queue) ? configured : [...configured, queue];
    const missing = wanted.filter(({ name }) => !this.#declared.has(name));
    const shared = missing.filter((one) => !isBroadcast(one));
    if (shared.length > 0) await transport.declare(shared);
    for (const { exchange } of missing.filter(isBroadcast)) await transport.declareExchange(exchange);
    for (const { name } of missing) this.#declared.add(name);
    this.#allDeclared = true;
    for (let hook = this.#hooks[0]; hook !== undefined; hook = this.#hooks[0]) {
      await hook();
      this.#hooks.shift();
    }
  }
}

export function unroutable(
  task: string,
  { exchange, routingKey }: Destination,
  topology: Topology,
): ToolboxError {
  const keys = topology.keys(exchange);
  return new ToolboxError(
    'UNROUTABLE',
    `No queue would take task ${task}: exchange ${exchange === '' ? '(anonymous)' : exchange} has no queue for routing key ` +
      `${routingKey}; known keys: ${keys.join(', ') || 'none'}. Add the queue to task_queues (or QUEUES), or route the task elsewhere`,
    { fields: { task, exchange, routingKey, keys } },
  );
}
