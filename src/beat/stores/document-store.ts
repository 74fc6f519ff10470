import { type BeatEntry, type Entry, readEntry } from '../entries/index.js';
import {
  type Change,
  claimEntries,
  configureEntries,
  giveUpLead,
  putEntry,
  removeEntry,
  type ScheduleDocument,
  settleEntries,
  takeLead,
} from './document.js';
import type { Claim, EntryStore, Lead, Leadership, StoredEntry } from './entry-store.js';

/** Keeps one document, changed by one caller at a time. */
export interface DocumentHolder {
  readonly place: string;
  /** Replaces the document by what `change` makes of it; when that is the same one, nothing is written. */
  transact<T>(change: (document: ScheduleDocument, now: number) => Change<T>): Promise<T>;
  /** Calls back when somebody else may have changed it. */
  watch(onChange: () => void): () => void;
  close(): Promise<void>;
}

/** An entry store over anything that keeps one document. */
export class DocumentStore implements EntryStore {
  readonly #holder: DocumentHolder;
  readonly #watchers = new Set<() => void>();

  constructor(holder: DocumentHolder) {
    this.#holder = holder;
  }

  get place(): string {
    return this.#holder.place;
  }

  lead(holder: string, ttlMs: number): Promise<Leadership> {
    return this.#holder.transact((document, now) => takeLead(document, holder, ttlMs, now));
  }

  resign(lead: Lead): Promise<void> {
    return this.#holder.transact((document) => giveUpLead(document, lead));
  }

  configure(entries: ReadonlyMap<string, Entry>, lead: Lead): Promise<void> {
    return this.#holder.transact((document) => configureEntries(document, entries, lead));
  }

  load(): Promise<readonly StoredEntry[]> {
    return this.#holder.transact((document) => [document, Object.values(document.entries)]);
  }

  claim(claims: readonly Claim[], lead: Lead): Promise<ReadonlySet<string>> {
    return this.#holder.transact((document) => claimEntries(document, claims, lead));
  }

  settle(taskIds: readonly string[], at: number, lead: Lead): Promise<void> {
    return this.#holder.transact((document) => settleEntries(document, taskIds, at, lead));
  }

  async put(name: string, entry: BeatEntry): Promise<void> {
    const checked = readEntry(name, entry);
    await this.#holder.transact((document) => putEntry(document, name, checked));
    this.#changed();
  }

  async remove(name: string): Promise<boolean> {
    const removed = await this.#holder.transact((document) => removeEntry(document, name));
    this.#changed();
    return removed;
  }

  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    const unwatch = this.#holder.watch(onChange);
    return () => {
      this.#watchers.delete(onChange);
      unwatch();
    };
  }

  close(): Promise<void> {
    return this.#holder.close();
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
