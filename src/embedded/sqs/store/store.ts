import type { Clock } from '../../../base/index.js';
import { invalid, SqsError } from '../errors.js';
import type { Log, LogRecord, QueueFacts } from '../journal/log-record.js';
import { storedPart } from './message.js';
import { Queue, type QueueHost } from './queue.js';
import {
  changedAttributes,
  checkAttributes,
  defaultAttributes,
  type QueueAttributes,
} from './queue-settings.js';
import { readRedrive } from './redrive-policy.js';

export interface StoreOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** `arn:aws:sqs:<region>:<account>`; the name of a queue makes its ARN. */
  readonly arnPrefix: string;
}

const NAME = /^[A-Za-z0-9_-]{1,80}$/;

/** All queues of a server. */
export class Store {
  readonly #options: StoreOptions;
  readonly #host: QueueHost;
  readonly #queues = new Map<string, Queue>();
  #lastNumber = 0;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#host = {
      clock: options.clock,
      log: options.log,
      queueByArn: (arn) => this.#queues.get(arn.slice(arn.lastIndexOf(':') + 1)),
      nextSeq: () => this.#nextNumber(),
    };
  }

  get queues(): Iterable<Queue> {
    return this.#queues.values();
  }

  /** Bytes of journal that are still of use. */
  get liveBytes(): number {
    let bytes = 0;
    for (const queue of this.#queues.values()) bytes += queue.stock.bytes;
    return bytes;
  }

  /** @throws SqsError QueueDoesNotExist */
  queue(name: string): Queue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new SqsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  /** The queues whose name begins with `prefix`, by name. */
  named(prefix: string): Queue[] {
    const found = [...this.#queues.values()].filter(({ name }) => name.startsWith(prefix));
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Makes a queue, or gives the one that exists when every attribute asked for is as it has it.
   * @throws SqsError QueueNameExists when it has other attributes; InvalidParameterValue for a bad name
   */
  create(name: string, attributes: QueueAttributes, tags: Readonly<Record<string, string>>): Queue {
    const fifo = this.#checkName(name, attributes);
    this.#check(name, attributes, fifo);
    const existing = this.#queues.get(name);
    if (existing !== undefined) {
      const other = Object.keys(attributes).find((key) => existing.facts.attributes[key] !== attributes[key]);
      if (other === undefined) return existing;
      throw new SqsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${other}`,
      );
    }
    const now = this.#options.clock.now();
    const all = changedAttributes(defaultAttributes(fifo), attributes);
    const facts = { id: this.#nextNumber(), name, createdAt: now, modifiedAt: now, attributes: all, tags };
    this.#options.log.append(['queue', facts]);
    return this.restore(facts);
  }

  /** @throws SqsError InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue */
  setAttributes(queue: Queue, change: QueueAttributes): void {
    this.#check(queue.name, change, queue.settings.fifo);
    queue.change({ attributes: changedAttributes(queue.facts.attributes, change) });
  }

  delete(queue: Queue): void {
    this.#queues.delete(queue.name);
    this.#options.log.append(['gone', queue.id]);
    queue.dismiss();
  }

  /** The queues that send their dead letters to this one, by name. */
  deadLetterSources(target: Queue): Queue[] {
    return this.named('').filter(({ settings }) => settings.redrive?.targetArn === target.arn);
  }

  restore(facts: QueueFacts): Queue {
    this.reserve(facts.id);
    const queue = new Queue(facts, `${this.#options.arnPrefix}:${facts.name}`, this.#host);
    this.#queues.set(facts.name, queue);
    return queue;
  }

  /** Numbers up to this one are taken. */
  reserve(number: number): void {
    this.#lastNumber = Math.max(this.#lastNumber, number);
  }

  /** Everything the store holds, as a journal would have it. May be read while calls go on. */
  *records(): Iterable<LogRecord> {
    yield ['next', this.#lastNumber];
    for (const queue of this.#queues.values()) {
      yield ['queue', queue.facts];
      for (const message of queue.stock.messages.values()) {
        yield ['send', queue.id, storedPart(message)];
      }
      for (const remembered of queue.known()) yield ['known', queue.id, remembered];
    }
  }

  #nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  #checkName(name: string, attributes: QueueAttributes): boolean {
    const fifo = attributes['FifoQueue'] === 'true';
    const stem = fifo && name.endsWith('.fifo') ? name.slice(0, -'.fifo'.length) : name;
    if (NAME.test(stem) && name.length <= 80 && name.endsWith('.fifo') === fifo) return fifo;
    throw invalid(
      name,
      'QueueName',
      fifo
        ? 'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.'
        : 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
    );
  }

  #check(name: string, attributes: QueueAttributes, fifo: boolean): void {
    checkAttributes(attributes, fifo);
    const policy = attributes['RedrivePolicy'];
    const redrive = readRedrive(policy);
    if (redrive === undefined) return;
    const target = this.#host.queueByArn(redrive.targetArn);
    if (target === undefined) throw invalid(policy, 'RedrivePolicy', 'Dead letter target does not exist.');
    if (target.settings.fifo !== fifo) {
      throw invalid(policy, 'RedrivePolicy', `Dead letter target must be same type of queue as ${name}.`);
    }
  }
}
