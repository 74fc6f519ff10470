import type { BeatEntry, Entry } from '../entries/index.js';

/** A run that was decided on and of which nobody knows yet that it was sent. */
export interface Pending {
  /** The time it was due: milliseconds since 1970. */
  readonly tick: number;
  readonly taskId: string;
}

/** How far an entry has come. */
export interface Progress {
  /** Runs due until then are dealt with: milliseconds since 1970; null: nobody has looked at the entry yet. */
  readonly cursor: number | null;
  /** The time zone the cursor was set in. */
  readonly timezone: string | null;
  readonly pending: Pending | null;
}

export interface StoredEntry extends Progress {
  readonly name: string;
  /** `app`: configured in code, follows it. `store`: added here, stays. */
  readonly source: 'app' | 'store';
  /** As it was written, by whomever: to be checked. */
  readonly definition: unknown;
  /** When a run was sent last. */
  readonly lastRunAt: number | null;
  readonly totalRunCount: number;
}

/** One step of an entry, valid only while its cursor still is where it was seen. */
export interface Claim extends Progress {
  readonly name: string;
  readonly was: number | null;
}

/** The right to send. */
export interface Lead {
  /** Grows with every new leader: what an earlier one writes is refused. */
  readonly token: number;
  /** What the store's own clock says, where it has one. */
  readonly now?: number;
}

export type Leadership =
  | (Lead & { readonly leading: true })
  /** Somebody else leads, for that many milliseconds unless it asks again. */
  | { readonly leading: false; readonly freeInMs: number };

/**
 * Where entries and their progress are kept, and which of several beats may send. Methods reject with STORE_UNREACHABLE
 * when another try may succeed, else with STORE_REFUSED.
 */
export interface EntryStore {
  /** Where it is, password masked. */
  readonly place: string;
  /** Takes the lead, or keeps it, for that long by the store's clock. */
  lead(holder: string, ttlMs: number): Promise<Leadership>;
  /** Gives the lead back at once. */
  resign(lead: Lead): Promise<void>;
  /** Makes the entries from code be what they are there: changed ones keep their progress, those no longer there go. */
  configure(entries: ReadonlyMap<string, Entry>, lead: Lead): Promise<void>;
  load(): Promise<readonly StoredEntry[]>;
  /** Durable before it resolves, with the names of those that held: none, when another beat leads by now. */
  claim(claims: readonly Claim[], lead: Lead): Promise<ReadonlySet<string>>;
  /** The pending runs of these task ids were sent, at that time. */
  settle(taskIds: readonly string[], at: number, lead: Lead): Promise<void>;
  /** Adds an entry, or changes what it does and when, keeping its progress. @throws CONFIG_INVALID */
  put(name: string, entry: BeatEntry): Promise<void>;
  /** False when there is none of that name. */
  remove(name: string): Promise<boolean>;
  /** Calls back when entries may have changed, until the returned function is called. */
  watch(onChange: () => void): () => void;
  close(): Promise<void>;
}
