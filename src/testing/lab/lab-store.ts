import type { Clock, ToolboxError } from '../../base/index.js';
import { ToolboxError as Failure, newId } from '../../base/index.js';
import { type Coordination, MemoryCoordination } from '../../coordination/index.js';
import type { DeadLetters, Queue, QueueCounts } from '../../messaging/index.js';
import {
  type BatchOutcome,
  type LeaseChange,
  leaseLost,
  type QueueStore,
  type ReceiveOptions,
  type StoredMessage,
  type StoreMessage,
  type StoreTraits,
} from '../../transports/virtual/index.js';
import type { Faults, Life } from './faults.js';
import type { HeldMessage, LabQueue, LabQueues } from './lab-queues.js';

export interface LabStoreParts {
  readonly queues: LabQueues;
  readonly faults: Faults;
  readonly life: Life;
  readonly clock: Clock;
  /** False: the message goes nowhere, although its sender is told that it was taken. */
  readonly taken: (queue: string, envelope: string) => boolean;
}

/** Seconds a poll waits, as on SQS. */
const WAIT_S = 20;

const TRAITS: StoreTraits = {
  maxBatch: 10,
  leased: true,
  leaseCeilingSeconds: Number.POSITIVE_INFINITY,
  maxDelaySeconds: Number.MAX_SAFE_INTEGER,
  maxHeld: 10_000,
  shortWaitSeconds: 0.05,
  sendWindowMs: 0,
  ackWindowMs: 0,
  publishDeadlineMs: 0,
  besideEnvelope: [],
};

/** The storage verbs over the queues of the lab, each with what is to go wrong with it. */
export class LabStore implements QueueStore {
  readonly url = 'lab://';
  readonly traits = TRAITS;
  readonly coordination: Coordination;
  readonly #parts: LabStoreParts;

  constructor(parts: LabStoreParts) {
    this.#parts = parts;
    this.coordination = new MemoryCoordination(parts.clock);
  }

  async connect(): Promise<void> {}

  async ensureQueue({ name }: Queue): Promise<void> {
    this.#parts.queues.ensure(name);
  }

  leaseOf(): number {
    return this.#parts.queues.leaseSeconds;
  }

  limitOf(): number {
    return Number.POSITIVE_INFINITY;
  }

  measure({ text }: StoreMessage): number {
    return text.length;
  }

  laneOf(queue: string, message: StoreMessage): string | undefined {
    return queue.endsWith('.fifo') ? groupOf(message) : undefined;
  }

  send(name: string, messages: readonly StoreMessage[]): Promise<BatchOutcome> {
    return this.#around('publish', () => {
      const queue = this.#queue(name);
      for (const message of messages) if (this.#parts.taken(name, message.text)) put(queue, message);
      return messages.map(() => undefined);
    });
  }

  receive(name: string, { max, waitSeconds = WAIT_S, signal }: ReceiveOptions) {
    const { faults, life } = this.#parts;
    const run = async (): Promise<readonly StoredMessage[]> => {
      const request = { max, visibilityMs: this.leaseOf() * 1000 };
      const got = await this.#queue(name).receiveOrWait(request, waitSeconds * 1000, signal);
      return got.map(({ seq, receives, body, sentAt }) => ({
        receipt: `${seq}:${receives}`,
        text: body,
        receiveCount: receives,
        sentAt,
      }));
    };
    return faults.around(life, 'receive', run, (messages) => messages.length > 0);
  }

  delete(name: string, receipts: readonly string[]): Promise<BatchOutcome> {
    return this.#around('ack', () =>
      receipts.map((receipt) => this.#held(name, receipt, (queue, message) => queue.delete(message))),
    );
  }

  async extend(name: string, changes: readonly LeaseChange[]): Promise<BatchOutcome> {
    if (this.#parts.life.crashed) return new Promise(() => undefined);
    return changes.map(({ receipt, seconds }) =>
      this.#held(name, receipt, (queue, message) => queue.extend(message, seconds * 1000)),
    );
  }

  async count(name: string): Promise<QueueCounts> {
    const { visible, held, delayed } = this.#queue(name).stock;
    return { waiting: visible, held, delayed, consumers: null };
  }

  async deadLetters(name: string): Promise<DeadLetters | undefined> {
    return this.#parts.queues.deadLettersOf(name);
  }

  async purge(name: string): Promise<number> {
    const queue = this.#queue(name);
    const { visible } = queue.stock;
    queue.purge();
    return visible;
  }

  async deleteQueue(name: string): Promise<void> {
    this.#parts.queues.remove(name);
  }

  async close(): Promise<void> {}

  #around<T>(operation: 'publish' | 'ack', run: () => T | Promise<T>): Promise<T> {
    return this.#parts.faults.around(this.#parts.life, operation, run);
  }

  #queue(name: string): LabQueue {
    const queue = this.#parts.queues.get(name);
    if (queue !== undefined) return queue;
    throw new Failure('NOT_DECLARED', `queue "${name}" does not exist in the lab: declare it first`, {
      fields: { queue: name },
    });
  }

  /** Does it with the message the receipt holds, unless it holds none any more. */
  #held(
    name: string,
    receipt: string,
    use: (queue: LabQueue, message: HeldMessage) => void,
  ): ToolboxError | undefined {
    const queue = this.#queue(name);
    const [seq, receives] = receipt.split(':').map(Number);
    const message = queue.stock.messages.get(seq ?? 0);
    if (message?.state !== 'held' || message.receives !== receives)
      return leaseLost(name, 'its receipt holds nothing any more');
    use(queue, message);
    return undefined;
  }
}

/** kombu's properties win over our own fields, as on SQS. */
const groupOf = ({ properties, group }: StoreMessage): string =>
  typeof properties['MessageGroupId'] === 'string' ? properties['MessageGroupId'] : (group ?? 'default');

function put(queue: LabQueue, message: StoreMessage): void {
  const { text, properties, deduplicationId, delaySeconds = 0 } = message;
  if (!queue.settings.fifo) return void queue.send({ body: text, delayMs: delaySeconds * 1000 });
  const { MessageDeduplicationId: given } = properties;
  queue.send({
    body: text,
    groupId: groupOf(message),
    deduplicationId: typeof given === 'string' ? given : (deduplicationId ?? newId()),
  });
}
