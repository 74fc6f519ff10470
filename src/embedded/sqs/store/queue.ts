import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../base/index.js';
import type { Log, QueueFacts } from '../journal/log-record.js';
import type { Draft } from '../message/draft.js';
import { deadLetter, isDead } from './dead-letter.js';
import { DEDUPLICATION_MS, Deduplication, type Remembered } from './deduplication.js';
import { FifoLine } from './fifo-line.js';
import { inMemory, type Message, messageState, type StoredMessage } from './message.js';
import { type QueueSettings, settingsOf } from './queue-settings.js';
import { StandardLine } from './standard-line.js';
import { Stock } from './stock.js';
import { type ReceiveRequest, WaitingReceives } from './waiting-receives.js';

/** What a queue needs of the server it lives in. */
export interface QueueHost {
  readonly clock: Clock;
  readonly log: Log;
  readonly queueByArn: (arn: string) => Queue | undefined;
  readonly nextSeq: () => number;
}

/** In flight at most, in either kind of queue. Source: SQS quotas. */
export const MAX_IN_FLIGHT = 120_000;

/** One queue: what may be done with its messages, and by which rules. */
export class Queue {
  readonly id: number;
  readonly name: string;
  readonly arn: string;
  readonly #host: QueueHost;
  readonly #stock: Stock;
  readonly #known = new Deduplication();
  readonly #waiting: WaitingReceives;
  #facts: QueueFacts;
  #settings: QueueSettings;

  constructor(facts: QueueFacts, arn: string, host: QueueHost) {
    this.id = facts.id;
    this.name = facts.name;
    this.arn = arn;
    this.#host = host;
    this.#facts = facts;
    this.#settings = settingsOf(facts.attributes);
    this.#stock = new Stock(this.#settings.fifo ? new FifoLine() : new StandardLine());
    this.#waiting = new WaitingReceives(host.clock, {
      receive: (request) => this.receive(request),
      nextDue: () => this.#stock.nextDue,
    });
  }

  get facts(): QueueFacts {
    return this.#facts;
  }

  get settings(): QueueSettings {
    return this.#settings;
  }

  /** The messages as they are now, with every delay and lease that has ended taken into account. */
  get stock(): Pick<Stock, 'messages' | 'visible' | 'held' | 'delayed' | 'bytes'> {
    this.#settle();
    return this.#stock;
  }

  /** The deduplication ids still remembered. */
  known(): Iterable<Remembered> {
    return this.#known.all(this.#host.clock.now());
  }

  change(change: Partial<Pick<QueueFacts, 'attributes' | 'tags'>>): void {
    this.#facts = { ...this.#facts, ...change, modifiedAt: this.#host.clock.now() };
    this.#settings = settingsOf(this.#facts.attributes);
    this.#host.log.append(['queue', this.#facts]);
  }

  /**
   * Takes a message, unless its deduplication id was seen before: then the answer names the first one. `ahead` lets it
   * overtake those of a standard queue.
   */
  send(
    { delayMs = this.#settings.delayMs, ...content }: Draft,
    ahead = false,
  ): { seq: number; messageId: string } {
    const now = this.#host.clock.now();
    const key = this.#deduplicationKey(content);
    const seen = key === undefined ? undefined : this.#known.find(key, now);
    if (seen !== undefined) return { seq: seen.seq, messageId: seen.messageId };
    const seq = this.#host.nextSeq();
    const id = randomUUID();
    const times = { sentAt: now, receives: 0, firstReceivedAt: 0, receivedAt: 0, visibleAt: now + delayMs };
    this.#accept({ ...content, seq, id, ...times }, ahead);
    if (key !== undefined) {
      const remembered = { key, until: now + DEDUPLICATION_MS, seq, messageId: id };
      this.#known.add(remembered);
      this.#host.log.append(['known', this.id, remembered]);
    }
    return { seq, messageId: id };
  }

  /** Hands out what is there; nothing when nothing is visible or too much is in flight. */
  receive({ max, visibilityMs }: ReceiveRequest): Message[] {
    this.#settle();
    const now = this.#host.clock.now();
    const room = Math.min(max, MAX_IN_FLIGHT - this.#stock.held);
    const messages = this.#stock.take(room, now, now + visibilityMs, (message) =>
      this.#isSpent(message, now),
    );
    if (messages.length > 0) {
      const pairs = messages.flatMap(({ seq, receives }) => [seq, receives]);
      this.#host.log.append(['held', this.id, now, now + visibilityMs, ...pairs]);
    }
    return messages;
  }

  /** As `receive`, but waits up to `waitMs` for a message. */
  async receiveOrWait(request: ReceiveRequest, waitMs: number, signal: AbortSignal): Promise<Message[]> {
    if (signal.aborted) return [];
    const messages = this.receive(request);
    return messages.length > 0 || waitMs === 0 ? messages : this.#waiting.wait(request, waitMs, signal);
  }

  /** Ends the lease of a held message that long from now; 0 shows it at once. */
  extend(message: Message, leaseMs: number): void {
    const visibleAt = this.#host.clock.now() + leaseMs;
    this.#stock.postpone(message, visibleAt);
    this.#host.log.append(['lease', this.id, message.seq, visibleAt]);
    this.#waiting.wakeSoon();
  }

  delete(message: Message): void {
    this.#stock.remove(message);
    this.#host.log.append(['delete', this.id, message.seq]);
    this.#waiting.wakeSoon();
  }

  /** Deletes every message, those in flight too. */
  purge(): void {
    let last = 0;
    for (const message of this.#stock.messages.values()) {
      last = Math.max(last, message.seq);
      this.#stock.remove(message);
    }
    this.#host.log.append(['purge', this.id, last]);
  }

  /** Puts what the journal remembers back into its place. */
  restore(stored: StoredMessage, bytes: number, ahead?: boolean): void {
    this.#stock.insert(inMemory(stored, messageState(stored, this.#host.clock.now()), bytes), ahead);
  }

  restoreKnown(remembered: Remembered): void {
    this.#known.add(remembered);
  }

  /** Ends all long polls with nothing. */
  dismiss(): void {
    this.#waiting.dismiss();
  }

  #accept(stored: StoredMessage, ahead?: boolean): void {
    this.restore(stored, this.#host.log.append(['send', this.id, stored]), ahead);
    this.#waiting.wakeSoon();
  }

  /** True when the message has left instead of being delivered: too old, or received too often. */
  #isSpent(message: Message, now: number): boolean {
    const { redrive, retentionMs } = this.#settings;
    if (message.sentAt + retentionMs > now) {
      if (redrive === undefined || !isDead(message, redrive)) return false;
      const target = this.#host.queueByArn(redrive.targetArn);
      if (target === undefined || target === this) return false;
      const place = { seq: this.#host.nextSeq(), now, sourceArn: this.arn, fifo: this.#settings.fifo };
      target.#accept(deadLetter(message, place));
    }
    this.delete(message);
    return true;
  }

  /** Brings the queue to the present: what is due becomes visible, what is too old goes. */
  #settle(): void {
    const now = this.#host.clock.now();
    this.#stock.showDue(now);
    for (let { oldest } = this.#stock; oldest !== undefined; oldest = this.#stock.oldest) {
      if (oldest.sentAt + this.#settings.retentionMs > now) return;
      this.delete(oldest);
    }
  }

  #deduplicationKey({ deduplicationId, groupId }: Draft): string | undefined {
    if (!this.#settings.fifo || deduplicationId === undefined) return undefined;
    return this.#settings.deduplicationPerGroup ? `${groupId ?? ''} ${deduplicationId}` : deduplicationId;
  }
}
