import { type Clock, type Logger, messageOf, newId } from '../base/index.js';
import { chordScope } from './chord-scope.js';
import { type ChordBackend, endClaimed } from './end-chord.js';
import { Gathered } from './gathered.js';
import type { CanvasApp } from './sending.js';

export interface ChordKeeperOptions {
  readonly app: CanvasApp;
  readonly backend: ChordBackend;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Milliseconds between looks when no chord is under watch. */
const IDLE_MS = 2000;
/** Milliseconds that senders may count on a keeper since it was last heard of. */
const ATTEND_MS = 15_000;
/** No two looks follow each other closer. */
const LEAST_MS = 50;

/**
 * Ends the chords of a store that decides by itself. The last part of ours tells it at once; what nobody tells (parts of
 * Python's workers, of workers that died, parts that never come) it finds by looking, together with all other keepers.
 */
export class ChordKeeper {
  readonly #options: ChordKeeperOptions;
  readonly #stopping = new AbortController();
  readonly #claims = new Gathered((groupId) => this.#claim(groupId));
  readonly #id = newId();
  #attendedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(options: ChordKeeperOptions) {
    this.#options = options;
  }

  /** A part has ended and its row is durable. Rejects when the store cannot be asked. */
  readonly part = async ({ groupId }: { readonly groupId: string | null }): Promise<void> => {
    if (groupId !== null) await this.#claims.ask(groupId);
  };

  async #claim(groupId: string): Promise<void> {
    const { app, backend, logger } = this.#options;
    const claimed = await backend.chords.claim(groupId);
    if (claimed === undefined) return;
    await endClaimed(app, backend, claimed).catch((error: unknown) =>
      logger.warn({ groupId, error: messageOf(error) }, 'a chord could not be ended yet'),
    );
  }

  start(): void {
    this.#looking ??= this.#lookOn();
  }

  async stop(): Promise<void> {
    if (this.#looking === undefined) return;
    this.#stopping.abort();
    await this.#looking;
    const { app, backend } = this.#options;
    await backend.chords.attend(this.#id, chordScope(app), 0).catch(() => undefined);
  }

  async #lookOn(): Promise<void> {
    const { clock, logger } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const pause = await this.#look().catch((error: unknown) => {
        logger.warn({ error: messageOf(error) }, 'chords could not be looked at');
        return IDLE_MS;
      });
      await clock.sleep(pause, signal).catch(() => undefined);
    }
  }

  async #attend(scope: string): Promise<void> {
    const { backend, clock } = this.#options;
    if (clock.monotonic() - this.#attendedAt < ATTEND_MS / 3) return;
    await backend.chords.attend(this.#id, scope, ATTEND_MS / 1000);
    this.#attendedAt = clock.monotonic();
  }

  /** Resolves with the milliseconds until the next look. */
  async #look(): Promise<number> {
    const { app, backend, logger } = this.#options;
    const scope = chordScope(app);
    await this.#attend(scope);
    const due = await backend.chords.claimDue(scope);
    for (const settled of await Promise.allSettled(due.map((one) => endClaimed(app, backend, one)))) {
      if (settled.status === 'rejected')
        logger.warn({ error: messageOf(settled.reason) }, 'a chord could not be ended yet');
    }
    const seconds = await backend.chords.nextDue(scope);
    return seconds === null ? IDLE_MS : Math.min(IDLE_MS, Math.max(LEAST_MS, seconds * 1000));
  }
}
