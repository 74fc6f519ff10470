import type { Clock, Logger } from '../base/index.js';
import type { EntryStore, Lead } from './stores/entry-store.js';

export interface LeadershipOptions {
  readonly store: EntryStore;
  /** Who asks: one name for each beat there is. */
  readonly holder: string;
  readonly ttlMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Asked for again when so much of it is left. */
const RENEWALS = 3;
/** Milliseconds two clocks may differ before somebody should look at them. */
const WORTH_SAYING_MS = 2000;

/** The right to send, renewed in time, and the time by the clock of whoever grants it. */
export class Leadership {
  readonly #options: LeadershipOptions;
  #lead: Lead | undefined;
  /** Monotonic: when the last answer was asked for. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #anchor: { readonly now: number; readonly monotonic: number } | undefined;
  #saidOffset = false;

  constructor(options: LeadershipOptions) {
    this.#options = options;
  }

  /** The lead, asked for or renewed when it is time to; else how many milliseconds to wait before asking again. */
  async keep(): Promise<Lead | number> {
    const { store, holder, ttlMs, clock, logger } = this.#options;
    if (this.#lead !== undefined && this.renewalInMs > 0) return this.#lead;
    const asked = clock.monotonic();
    const answer = await store.lead(holder, ttlMs);
    if (!answer.leading) {
      if (this.#lead !== undefined) logger.warn({ store: store.place }, 'beat: another instance leads now');
      this.#lead = undefined;
      return Math.min(answer.freeInMs, ttlMs / RENEWALS);
    }
    if (answer.token !== this.#lead?.token) {
      logger.info({ store: store.place, term: answer.token }, 'beat: this instance leads');
    }
    this.#askedAt = asked;
    this.#lead = answer;
    this.#setTime(answer.now, asked);
    return answer;
  }

  /**
   * Milliseconds since 1970 by the store's clock, which steps of this machine's do not touch. Whole ones: times of runs
   * follow from it, and come back from every store as they were.
   */
  now(): number {
    const { clock } = this.#options;
    if (this.#anchor === undefined) return clock.now();
    return Math.floor(this.#anchor.now + clock.monotonic() - this.#anchor.monotonic);
  }

  get renewalInMs(): number {
    const { clock, ttlMs } = this.#options;
    return this.#askedAt + ttlMs / RENEWALS - clock.monotonic();
  }

  /** True while nobody else can have been given the lead. */
  get isSure(): boolean {
    const { clock, ttlMs } = this.#options;
    return this.#lead !== undefined && clock.monotonic() - this.#askedAt < ttlMs;
  }

  /** The store refused us: ask again. */
  lost(): void {
    this.#lead = undefined;
  }

  async resign(): Promise<void> {
    const lead = this.#lead;
    this.#lead = undefined;
    if (lead !== undefined) await this.#options.store.resign(lead);
  }

  #setTime(told: number | undefined, asked: number): void {
    const { clock, logger } = this.#options;
    const monotonic = clock.monotonic();
    // The answer was given halfway between question and now.
    const now = told === undefined ? clock.now() : told + (monotonic - asked) / 2;
    const jump = this.#anchor === undefined ? 0 : now - this.now();
    if (Math.abs(jump) > WORTH_SAYING_MS) {
      logger.warn({ seconds: jump / 1000 }, 'beat: the clock was set, or the machine was suspended');
    }
    this.#anchor = { now, monotonic };
    const offset = clock.now() - now;
    if (Math.abs(offset) > WORTH_SAYING_MS && !this.#saidOffset) {
      this.#saidOffset = true;
      logger.warn(
        { seconds: offset / 1000 },
        "beat: this machine's clock differs from the store's, which counts",
      );
    }
  }
}
