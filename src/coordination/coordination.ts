import type { Clock, Logger } from '../base/index.js';

/** A lock asked for: it is the asker's now, or whose it is and when it ends unless it is renewed. */
export type LockAnswer =
  | { readonly held: true }
  | { readonly held: false; readonly holder: string; readonly freeInMs: number };

/** A place in a line asked for: it is taken and comes up in `waitMs`; or the line is too long, by what is known now. */
export interface TurnAnswer {
  readonly taken: boolean;
  readonly waitMs: number;
}

/**
 * What programs agree on through one store: locks that end by themselves, and lines in which each gets a turn so often.
 * The store's clock judges, never those of the programs.
 *
 * Every method rejects with STORE_UNREACHABLE or BROKER_UNREACHABLE when another try may succeed, and with STORE_REFUSED or
 * BROKER_REFUSED when somebody must act.
 */
export interface Coordination {
  /** Where it is kept, password masked. */
  readonly place: string;
  /** Takes the lock for so long, or, for its holder, from now on for so long. Programs that give the same token are one holder. */
  acquire(lock: string, token: string, ttlMs: number): Promise<LockAnswer>;
  /** Gives it back. Resolves with false when it was not, or no longer, that holder's. */
  release(lock: string, token: string): Promise<boolean>;
  /** Takes the next turn in a line with one every `intervalMs`, unless it would come up later than in `mostMs`. */
  turn(line: string, intervalMs: number, mostMs: number): Promise<TurnAnswer>;
  close(): Promise<void>;
}

/** What a store of its own is opened from. */
export interface CoordinationContext {
  readonly url: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

export type CoordinationFactory = (context: CoordinationContext) => Promise<Coordination>;

/** URL schemes to lazily loaded factories. */
export type CoordinationRegistry = ReadonlyMap<string, () => Promise<CoordinationFactory>>;
