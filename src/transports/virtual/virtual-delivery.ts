import { ToolboxError } from '../../base/index.js';
import type { Delivery, DeliveryInfo, Headers, MessageProperties } from '../../messaging/index.js';
import { readEnvelope } from './envelope-reader.js';
import type { Lease } from './lease-keeper.js';
import type { RefusedMessage, StoredMessage } from './queue-store.js';

/** What is done about a delivery that ended. */
export interface Settlement {
  /** Removes the message from its queue. */
  remove(lease: Lease): Promise<void>;
  /** Gives it back to its queue. */
  giveBack(lease: Lease, message: StoredMessage, delaySeconds: number): Promise<void>;
  /** Does with a message that was not done what its queue does with such messages. */
  refuse(lease: Lease, message: RefusedMessage): Promise<void>;
}

/** A received message with its lease. Settled once; what comes after is refused with STATE_INVALID. */
export class VirtualDelivery implements Delivery {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly headers: Headers;
  readonly properties: MessageProperties;
  readonly info: DeliveryInfo;
  readonly defect?: string;
  readonly #stored: StoredMessage;
  readonly #lease: Lease;
  readonly #settlement: Settlement;
  #settled = false;

  constructor(stored: StoredMessage, lease: Lease, settlement: Settlement) {
    const opened = readEnvelope(stored.text, lease.queue);
    this.body = opened.body;
    this.contentType = opened.contentType;
    this.contentEncoding = opened.contentEncoding;
    this.headers = opened.headers;
    this.properties = stored.beside ? { ...opened.properties, ...stored.beside } : opened.properties;
    this.info = {
      exchange: opened.exchange,
      routingKey: opened.routingKey,
      queue: lease.queue,
      redelivered: opened.redelivered || stored.receiveCount > 1,
      priority: opened.priority,
      deliveryCount: stored.receiveCount + opened.earlier,
    };
    const defect = stored.defect ?? opened.defect;
    if (defect !== undefined) this.defect = defect;
    this.#stored = stored;
    this.#lease = lease;
    this.#settlement = settlement;
  }

  get lost(): AbortSignal {
    return this.#lease.lost;
  }

  get isLost(): boolean {
    return this.#lease.isLost;
  }

  async ack(): Promise<void> {
    this.#settle('ack');
    await this.#settlement.remove(this.#lease);
  }

  async reject(): Promise<void> {
    this.#settle('reject');
    await this.#refuse(false);
  }

  async release(delaySeconds?: number): Promise<void> {
    this.#settle('release');
    if (delaySeconds === undefined) await this.#refuse(true);
    else await this.#settlement.giveBack(this.#lease, this.#stored, delaySeconds);
  }

  #refuse(requeue: boolean): Promise<void> {
    const { receiveCount } = this.#stored;
    return this.#settlement.refuse(this.#lease, { task: this.headers.task, receiveCount, requeue });
  }

  #settle(verb: string): void {
    if (this.#settled) {
      throw new ToolboxError(
        'STATE_INVALID',
        `${verb} of a message of queue "${this.info.queue}" that was settled before: settle each delivery once`,
        { fields: { queue: this.info.queue } },
      );
    }
    this.#settled = true;
  }
}
