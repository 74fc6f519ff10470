import { hostname } from 'node:os';
import type { App } from '../app/index.js';
import {
  backoffMs,
  type Clock,
  deferred,
  Lifecycle,
  messageOf,
  newId,
  type Service,
  type ServiceState,
  type StopOptions,
} from '../base/index.js';
import { Book } from './book.js';
import { configuredEntries, type Entry, scheduleZone } from './entries/index.js';
import { Leadership } from './leadership.js';
import { Sender } from './sender.js';
import type { EntryStore, Lead } from './stores/entry-store.js';

export interface BeatOptions {
  readonly store: EntryStore;
  /** Who this is, for the readers of log and store. Default `celerybeat@` and the host. */
  readonly hostname?: string;
  /** Milliseconds the lead lasts when its holder is silent: how late the next one is at most. Default 15 000. */
  readonly leaseMs?: number;
  /** Longest pause between looks at the schedule, in milliseconds. Default `beat_max_loop_interval`, else 5 minutes; the lead is renewed in between. */
  readonly maxIntervalMs?: number;
  /** Runs inside a worker: `beat_embedded_init` is sent instead of `beat_init`. */
  readonly embedded?: boolean;
}

export interface BeatInfo {
  readonly leading: boolean;
  readonly entries: number;
  /** What is wrong with entries that are left out, by name. */
  readonly faults: ReadonlyMap<string, string>;
  /** Runs sent, publishes that failed, runs given up or skipped, since the start. */
  readonly sent: number;
  readonly failed: number;
  readonly missed: number;
}

const LEASE_MS = 15_000;
const MAX_INTERVAL_MS = 300_000;
const STORE_AWAY = { baseMs: 250, maxMs: 5000 };

/**
 * Sends the tasks of a schedule when they are due. Any number may run on one store: one of them leads. Each run is
 * decided on durably before it is sent, under an id that follows from entry and time.
 */
export class Beat implements Service {
  readonly #app: App;
  readonly #options: BeatOptions;
  readonly #life = new Lifecycle('beat');
  readonly #clock: Clock;
  #stop = new AbortController();
  #wake = new AbortController();
  #working: Promise<void> = Promise.resolve();
  #parts: Parts | undefined;
  readonly #hostname: string;
  #changed = true;
  #sent = 0;
  #missed = 0;

  constructor(app: App, options: BeatOptions) {
    this.#app = app;
    this.#options = options;
    this.#clock = app.clock;
    this.#hostname = options.hostname ?? `celerybeat@${hostname()}`;
  }

  get state(): ServiceState {
    return this.#life.state;
  }

  get stopped(): Promise<void> {
    return this.#life.stopped;
  }

  info(): BeatInfo {
    const { book, leadership, sender } = this.#parts ?? {};
    return {
      leading: leadership?.isSure ?? false,
      entries: book?.entries.size ?? 0,
      faults: book?.faults ?? new Map(),
      sent: this.#sent,
      failed: sender?.failed ?? 0,
      missed: this.#missed,
    };
  }

  /** @throws CONFIG_INVALID for an entry of `beat_schedule`; STORE_UNREACHABLE or STORE_REFUSED */
  async start(): Promise<void> {
    this.#life.begin();
    try {
      this.#stop = new AbortController();
      // A worker has done so.
      if (!this.#options.embedded) await this.#app.signals.demand('import_modules', {});
      this.#parts = await this.#prepare();
      await this.#parts.leadership.keep();
      const signal = this.#options.embedded ? 'beat_embedded_init' : 'beat_init';
      await this.#app.signals.send(signal, { hostname: this.#hostname });
      this.#life.running();
      this.#working = this.#work(this.#parts);
    } catch (error) {
      this.#life.failed(error);
      throw error;
    }
  }

  /** Sends nothing new, waits for what is being sent until the deadline (default 10 s), and gives the lead back. */
  async stop({ deadlineMs = 10_000 }: StopOptions = {}): Promise<void> {
    if (this.state === 'stopping') return this.stopped;
    if (this.state !== 'running') return;
    this.#life.stopping();
    this.#stop.abort();
    this.#wake.abort();
    const overdue = deferred();
    const cancel = this.#clock.after(deadlineMs, overdue.resolve);
    await Promise.race([this.#finish(), overdue.promise]);
    cancel();
    this.#life.ended();
  }

  async #prepare(): Promise<Parts> {
    const { store, leaseMs: ttlMs = LEASE_MS } = this.#options;
    // Two beats of one name must not take one another for themselves.
    const holder = `${this.#hostname}#${newId()}`;
    const { conf, logger } = this.#app;
    const clock = this.#clock;
    const timezone = scheduleZone(conf);
    const leadership = new Leadership({ store, holder, ttlMs, clock, logger });
    return {
      configured: await configuredEntries(this.#app),
      leadership,
      book: new Book(this.#app.name, { timezone, cronDeadline: conf.beat_cron_starting_deadline }, logger),
      sender: new Sender({
        app: this.#app,
        clock,
        logger,
        mayStill: () => leadership.isSure,
        onSettled: () => this.#wake.abort(),
      }),
    };
  }

  async #work(parts: Parts): Promise<void> {
    const unwatch = this.#options.store.watch(() => {
      this.#changed = true;
      this.#wake.abort();
    });
    let failures = 0;
    let led: Lead | undefined;
    while (!this.#stop.signal.aborted) {
      this.#wake = new AbortController();
      let pauseMs: number;
      try {
        const lead = await parts.leadership.keep();
        if (typeof lead === 'number') pauseMs = lead;
        else {
          if (lead.token !== led?.token) await this.#options.store.configure(parts.configured, lead);
          // What others changed is announced; renewing the lead is the time to look all the same.
          if (lead !== led) this.#changed = true;
          led = lead;
          pauseMs = await this.#turn(parts, lead);
        }
        failures = 0;
      } catch (error) {
        pauseMs = backoffMs(failures++, STORE_AWAY);
        this.#changed = true;
        this.#app.logger.error({ error: messageOf(error), again: pauseMs / 1000 }, 'beat: the store failed');
      }
      await this.#pause(pauseMs);
    }
    unwatch();
  }

  /** One look at everything; resolves with the milliseconds until the next. */
  async #turn(parts: Parts, lead: Lead): Promise<number> {
    const { store } = this.#options;
    const { leadership, book, sender } = parts;
    await this.#settle(parts, lead);
    if (this.#changed) {
      this.#changed = false;
      await book.replace(await store.load());
    }
    const { steps, until } = book.look(leadership.now());
    const claimed = new Set<string>();
    if (steps.length > 0) {
      const held = await store.claim(
        steps.map(({ claim }) => claim),
        lead,
      );
      if (held.size < steps.length) this.#changed = true;
      if (held.size === 0) leadership.lost();
      for (const { claim, why } of steps) {
        if (!held.has(claim.name)) continue;
        const given = book.entries.get(claim.name)?.stored.pending;
        const skipped = why === 'skip' && book.entries.get(claim.name)?.entry.enabled === true;
        if (skipped || (why === 'send' && given))
          this.#miss(claim.name, skipped ? 'was missed' : 'could not be sent');
        if (claim.pending !== null) claimed.add(claim.pending.taskId);
        book.advance(claim);
      }
    }
    sender.send(book.pending(), claimed);
    if (this.#changed || steps.length > 0) return 0;
    const next = until === undefined ? Number.POSITIVE_INFINITY : until - leadership.now();
    const again = (sender.againAt ?? Number.POSITIVE_INFINITY) - this.#clock.monotonic();
    return Math.min(next, again, leadership.renewalInMs, this.#maxIntervalMs);
  }

  get #maxIntervalMs(): number {
    return this.#options.maxIntervalMs ?? (this.#app.conf.beat_max_loop_interval * 1000 || MAX_INTERVAL_MS);
  }

  async #settle({ book, sender, leadership }: Parts, lead: Lead): Promise<void> {
    const { sent } = sender;
    if (sent.length === 0) return;
    const at = leadership.now();
    const ids = sent.map(({ taskId }) => taskId);
    await this.#options.store.settle(ids, at, lead);
    sender.settled(sent);
    this.#sent += sent.length;
    for (const { name, taskId } of sent) book.settled(name, taskId, at);
  }

  #miss(entry: string, why: string): void {
    this.#missed += 1;
    this.#app.logger.warn({ entry }, `beat: a run ${why}`);
  }

  async #pause(ms: number): Promise<void> {
    if (ms <= 0) return;
    await this.#clock
      .sleep(ms, AbortSignal.any([this.#wake.signal, this.#stop.signal]))
      .catch(() => undefined);
  }

  async #finish(): Promise<void> {
    await this.#working;
    const parts = this.#parts;
    if (parts === undefined) return;
    await parts.sender.idle();
    try {
      const lead = await parts.leadership.keep();
      if (typeof lead === 'object') await this.#settle(parts, lead);
      await parts.leadership.resign();
    } catch (error) {
      this.#app.logger.warn({ error: messageOf(error) }, 'beat: the lead was not given back');
    }
  }
}

interface Parts {
  readonly configured: ReadonlyMap<string, Entry>;
  readonly leadership: Leadership;
  readonly book: Book;
  readonly sender: Sender;
}
