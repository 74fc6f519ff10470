import type { Clock } from '../../base/index.js';
import { inProcessQueues, type SqsMessage, type SqsQueue } from '../../embedded/sqs/index.js';
import type { DeadLetters } from '../../messaging/index.js';

export type LabQueue = SqsQueue;
export type HeldMessage = SqsMessage;

export interface LabQueuesOptions {
  readonly clock: Clock;
  /** Seconds a message is held for whoever received it. */
  readonly leaseSeconds: number;
  /** Deliveries after which a message goes to `<queue>-dead`; undefined: never. */
  readonly deadLetterAfter: number | undefined;
}

/** The queues of a lab: those of the SQS-compatible server, without a server. They outlive the programs that use them. */
export class LabQueues {
  readonly leaseSeconds: number;
  readonly #deadLetterAfter: number | undefined;
  readonly #store: ReturnType<typeof inProcessQueues>;
  readonly #names = new Map<string, LabQueue>();

  constructor({ clock, leaseSeconds, deadLetterAfter }: LabQueuesOptions) {
    this.leaseSeconds = leaseSeconds;
    this.#deadLetterAfter = deadLetterAfter;
    this.#store = inProcessQueues(clock);
  }

  ensure(name: string): void {
    if (this.#names.has(name)) return;
    const dead = deadNameOf(name);
    const redrives = this.#deadLetterAfter !== undefined && !isDeadName(name);
    if (redrives) this.ensure(dead);
    const target = redrives ? this.#names.get(dead) : undefined;
    const attributes = {
      ...(name.endsWith('.fifo') && { FifoQueue: 'true' }),
      ...(target && {
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: target.arn,
          maxReceiveCount: this.#deadLetterAfter,
        }),
      }),
    };
    this.#names.set(name, this.#store.create(sqsName(name, this.#names.size), attributes, {}));
  }

  get(name: string): LabQueue | undefined {
    return this.#names.get(name);
  }

  names(): readonly string[] {
    return [...this.#names.keys()];
  }

  remove(name: string): void {
    const queue = this.#names.get(name);
    if (queue === undefined) return;
    this.#store.delete(queue);
    this.#names.delete(name);
  }

  deadLettersOf(name: string): DeadLetters | undefined {
    const queue = deadNameOf(name);
    const target = this.#names.get(queue);
    if (target === undefined || this.#deadLetterAfter === undefined) return undefined;
    return { queue, maxDeliveries: this.#deadLetterAfter, waiting: target.stock.visible };
  }

  /** Takes a task's message from whoever holds it, as if somebody else had received it meanwhile. Returns how many were held. */
  takeAway(taskId: string): number {
    let taken = 0;
    for (const queue of this.#names.values()) {
      for (const message of queue.stock.messages.values()) {
        if (message.state !== 'held' || !message.body.includes(taskId)) continue;
        message.receives += 1;
        queue.extend(message, this.leaseSeconds * 1000);
        taken += 1;
      }
    }
    return taken;
  }
}

/** SQS takes letters, digits, hyphens and underscores, at most 80; the number keeps apart what that makes equal. */
function sqsName(name: string, number: number): string {
  const fifo = name.endsWith('.fifo') ? '.fifo' : '';
  const stem = name.slice(0, name.length - fifo.length).replaceAll(/[^\w-]/g, '-');
  return `${stem.slice(0, 60)}-${number}${fifo}`;
}

const deadNameOf = (name: string): string => name.replace(/(\.fifo)?$/, (fifo: string) => `-dead${fifo}`);
const isDeadName = (name: string): boolean => /-dead(\.fifo)?$/.test(name);
