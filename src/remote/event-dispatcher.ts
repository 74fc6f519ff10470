import { type Clock, type Logger, messageOf } from '../base/index.js';
import {
  type CeleryEvent,
  type EventBatch,
  eventGroup,
  eventKey,
  type LamportClock,
  utcOffset,
} from '../bus/index.js';

export interface EventDispatcherOptions {
  /** The way out. May reject: what could not be sent is tried again. */
  readonly publish: (batch: EventBatch) => Promise<void>;
  readonly lamport: LamportClock;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Who sends. */
  readonly hostname: string;
  /** Groups not sent at first (`task`). Default: none. */
  readonly without?: readonly string[];
}

/** A batch is sent when it has so many events, else so many milliseconds after its first: most of the cost is per message. */
const BATCH = 200;
const GATHER_MS = 20;
/** Most batches kept while the bus is away; the oldest go first. */
const MOST_KEPT = 200;

/**
 * Sends events. None of it holds up the caller: what cannot be sent is kept for a while, and lost after that, as events
 * may be.
 */
export class EventDispatcher {
  readonly #options: EventDispatcherOptions;
  readonly #off: Set<string>;
  readonly #outgoing: EventBatch[] = [];
  #gathered: CeleryEvent[] = [];
  #cancelFlush: (() => void) | undefined;
  #sending: Promise<void> | undefined;
  #away = false;
  /** Whether task events are sent: one look for every place that would make one. */
  tasks: boolean;

  constructor(options: EventDispatcherOptions) {
    this.#options = options;
    this.#off = new Set(options.without);
    this.tasks = this.sends('task');
  }

  /** Whether events of that group are sent. */
  sends(group: string): boolean {
    return !this.#off.has(group);
  }

  /** Turns a group on or off. False when it was so already. */
  enable(group: string, on: boolean): boolean {
    if (this.sends(group) === on) return false;
    if (on) this.#off.delete(group);
    else this.#off.add(group);
    this.tasks = this.sends('task');
    return true;
  }

  /** Sends one event by itself. */
  send(type: string, fields: Readonly<Record<string, unknown>>): void {
    if (!this.sends(eventGroup(type))) return;
    this.#flushGathered();
    this.#push({ routingKey: eventKey(type), events: this.#event(type, fields) });
  }

  /** Sends a task event together with others (`task.multi`). */
  task(type: string, fields: Readonly<Record<string, unknown>>): void {
    if (!this.tasks) return;
    this.#gathered.push(this.#event(type, fields));
    if (this.#gathered.length >= BATCH) this.#flushGathered();
    else this.#cancelFlush ??= this.#options.clock.after(GATHER_MS, () => this.#flushGathered());
  }

  /** Resolves when everything has been sent, or given up. */
  async flush(): Promise<void> {
    this.#flushGathered();
    await this.#sending;
  }

  #event(type: string, fields: Readonly<Record<string, unknown>>): CeleryEvent {
    const { hostname, lamport, clock } = this.#options;
    const now = clock.now();
    return {
      hostname,
      utcoffset: utcOffset(now),
      pid: process.pid,
      clock: lamport.forward(),
      ...fields,
      timestamp: now / 1000,
      type,
    };
  }

  #flushGathered(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    if (this.#gathered.length === 0) return;
    const events = this.#gathered;
    this.#gathered = [];
    this.#push({ routingKey: 'task.multi', events });
  }

  #push(batch: Omit<EventBatch, 'hostname'>): void {
    this.#outgoing.push({ ...batch, hostname: this.#options.hostname });
    while (this.#outgoing.length > MOST_KEPT) this.#outgoing.shift();
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Stops at the first that cannot be sent: the next event tries again. */
  async #send(): Promise<void> {
    const { publish, logger } = this.#options;
    for (let batch = this.#outgoing.shift(); batch !== undefined; batch = this.#outgoing.shift()) {
      try {
        await publish(batch);
        this.#away = false;
      } catch (error) {
        if (!this.#away) logger.warn({ error: messageOf(error) }, 'events cannot be sent at present');
        this.#away = true;
        this.#outgoing.unshift(batch);
        return;
      }
    }
  }
}
