import type { ChannelModel } from 'amqplib';
import { hasCode, type Logger, messageOf } from '../../../base/index.js';
import type { Destination, OutgoingMessage, PublishOptions, Queue } from '../../../messaging/index.js';
import { operationError, replyCode } from '../broker-errors.js';
import type { KnownTopology } from '../known-topology.js';
import { delayedKey, ENTRY_EXCHANGE, MAX_DELAY_SECONDS, queueKey } from './delay-key.js';
import { bindAsCelery, bindQueue, declareLadder, type LadderQueueType } from './ladder.js';

/** Shorter delays are left to the worker, unless quorum queues are in use: there Celery's producers leave none to it. */
const WORTH_SECONDS = 5;
/** Header of a tap's copy: where the message was sent. */
export const SENT_TO = 'x-workertoolbox-sent-to';
/** How often a message was sent back to wait. Whoever finds it knows that the message was delivered before. */
export const WAITED_AGAIN = 'x-workertoolbox-waited-again';

export interface DelayedDeliveryContext {
  readonly known: KnownTopology;
  readonly queueType: LadderQueueType;
  readonly logger: Logger;
  /** Runs a harmless operation on the open connection. */
  readonly administer: <T>(what: string, operation: (model: ChannelModel) => Promise<T>) => Promise<T>;
  readonly publish: (message: OutgoingMessage, to: PublishOptions) => Promise<void>;
}

/** What is set up on one connection: another may lead to another broker. */
interface Ready {
  readonly ladder: Promise<void>;
  readonly bound: Map<string, Promise<void>>;
}

/**
 * Lets the broker keep messages until they are due, in Celery's own levels. With quorum queues it is what Celery 5.5 does. For
 * all other queues, and for exchanges that Celery leaves out, the same levels serve: each queue is bound to their end by a key
 * of its own.
 */
export class DelayedDelivery {
  readonly #context: DelayedDeliveryContext;
  readonly #ready = new WeakMap<ChannelModel, Ready>();
  #refused = false;

  constructor(context: DelayedDeliveryContext) {
    this.#context = context;
  }

  /** 0 once the broker has refused to have the levels. */
  get maxDelaySeconds(): number {
    return this.#refused ? 0 : MAX_DELAY_SECONDS;
  }

  get minDelaySeconds(): number {
    return this.#context.known.usesQuorum ? 1 : WORTH_SECONDS;
  }

  /** With quorum queues, Python's producers send through the levels to every queue that is not on a direct exchange. */
  async attend(queues: readonly Queue[]): Promise<void> {
    if (this.#context.known.usesQuorum) await this.#prepare(queues.filter(arrivesAsCelery), []);
  }

  /** False when the message is to go the ordinary way: no delay worth it, no queue known, or levels that cannot be had. */
  async publish(message: OutgoingMessage, to: PublishOptions): Promise<boolean> {
    const { delaySeconds = 0, ...plain } = message;
    const { known, publish } = this.#context;
    if (delaySeconds < 1) return false;
    const takers = known.takers(to);
    const work = takers.filter(({ tap }) => tap !== true);
    if (work.length === 0 || !work.every(lasts)) return false;
    const asCelery = known.usesQuorum && to.exchange !== '' && work.every(arrivesAsCelery);
    const keys = asCelery ? [to.routingKey] : work.map(({ name }) => queueKey(name));
    if (keys.includes(undefined)) return false;
    const names = work.map(({ name }) => name);
    if (!(await this.#prepare(asCelery ? work : [], asCelery ? [] : names))) return false;
    // A tap is told at once of what is to run later.
    for (const { name } of takers.filter(({ tap }) => tap === true)) {
      await publish(sentTo(plain, to), { ...to, exchange: '', routingKey: name });
    }
    await Promise.all(
      keys.map((key) => publish(waiting(plain), { ...to, ...entry(delaySeconds, key ?? '') })),
    );
    return true;
  }

  /** Sends a delivered message back to its queue through the levels. False when they cannot be had. */
  async again(message: OutgoingMessage, queue: string, delaySeconds: number): Promise<boolean> {
    const key = queueKey(queue);
    if (delaySeconds < WORTH_SECONDS || key === undefined || !(await this.#prepare([], [queue])))
      return false;
    const earlier = Number(message.headers[WAITED_AGAIN] ?? 0);
    const headers = { ...message.headers, [WAITED_AGAIN]: earlier + 1 };
    await this.#context.publish(waiting({ ...message, headers }), entry(delaySeconds, key));
    return true;
  }

  /** Levels and bindings, once for each connection. False when the broker refuses them. */
  async #prepare(asCelery: readonly Queue[], alone: readonly string[]): Promise<boolean> {
    if (this.#refused) return false;
    const { administer } = this.#context;
    try {
      await administer('preparing delayed delivery', async (model) => {
        const { ladder, bound } = this.#on(model);
        await ladder;
        for (const queue of asCelery) {
          await once(bound, `${queue.name} ${queue.routingKey}`, () => bindAsCelery(model, queue));
        }
        for (const queue of alone) await once(bound, queue, () => bindQueue(model, queue));
      });
      return true;
    } catch (error) {
      if (!hasCode(error, 'BROKER_REFUSED')) throw error;
      this.#refused = true;
      this.#context.logger.warn(
        { error: messageOf(error) },
        'the broker refuses the queues of delayed delivery: messages wait for their time in the worker',
      );
      return false;
    }
  }

  #on(model: ChannelModel): Ready {
    const known = this.#ready.get(model);
    if (known !== undefined) return known;
    const ladder = declareLadder(model, this.#context.queueType).catch((error: unknown) => {
      // A lost connection says nothing about the levels.
      if (replyCode(error) === undefined) this.#ready.delete(model);
      throw operationError(error, 'declaring the queues of delayed delivery');
    });
    const made = { ladder, bound: new Map<string, Promise<void>>() };
    this.#ready.set(model, made);
    return made;
  }
}

async function once(done: Map<string, Promise<void>>, key: string, work: () => Promise<void>): Promise<void> {
  const known = done.get(key) ?? work();
  done.set(key, known);
  await known.catch((error: unknown) => {
    done.delete(key);
    throw error;
  });
}

const entry = (delaySeconds: number, key: string): Destination => ({
  exchange: ENTRY_EXCHANGE,
  routingKey: delayedKey(delaySeconds, key),
});

/** The broker names the tap's own queue as where its copy was sent: what it is a copy of goes along. */
const sentTo = (message: OutgoingMessage, { exchange, routingKey }: Destination): OutgoingMessage => ({
  ...message,
  headers: { ...message.headers, [SENT_TO]: { exchange, routing_key: routingKey } },
});

/** The broker would end a message's wait when it expires; workers go by its header. */
function waiting(message: OutgoingMessage): OutgoingMessage {
  const { expiration: _expiration, ...properties } = message.properties;
  return { ...message, properties };
}

/** Survives until a message that waits for it is due. */
const lasts = ({ durable = true, autoDelete, exclusive }: Queue): boolean =>
  durable && !autoDelete && !exclusive;

/** Celery leaves out direct exchanges; those of broadcasts have no key to arrive by. */
const arrivesAsCelery = (queue: Queue): boolean =>
  lasts(queue) && queue.tap !== true && queue.exchange.name !== '' && queue.exchange.type === 'topic';
