import { type Logger, messageOf } from '../base/index.js';
import { type Entry, readEntry } from './entries/index.js';
import { oldest, type PlanContext, plan } from './plan.js';
import { type Timetable, timetableOf } from './schedules/index.js';
import type { Claim, Pending, StoredEntry } from './stores/entry-store.js';
import { taskIdOf } from './task-id.js';

/** An entry that can be used: checked, with its timetable. */
export interface BookedEntry {
  readonly stored: StoredEntry;
  readonly entry: Entry;
  readonly timetable: Timetable;
}

/** A claim, and why it is made. */
export interface Step {
  readonly claim: Claim;
  readonly why: 'begin' | 'send' | 'skip';
}

export interface Look {
  readonly steps: readonly Step[];
  /** When to look again; undefined: nothing will ever be due. */
  readonly until: number | undefined;
}

/** All entries as the leader knows them. */
export class Book {
  readonly #app: string;
  readonly #context: Omit<PlanContext, 'now'>;
  readonly #logger: Logger;
  #entries = new Map<string, BookedEntry>();
  #faults: ReadonlyMap<string, string> = new Map();

  constructor(app: string, context: Omit<PlanContext, 'now'>, logger: Logger) {
    this.#app = app;
    this.#context = context;
    this.#logger = logger;
  }

  get entries(): ReadonlyMap<string, BookedEntry> {
    return this.#entries;
  }

  /** What is wrong with entries that cannot be used, by name. */
  get faults(): ReadonlyMap<string, string> {
    return this.#faults;
  }

  async replace(stored: readonly StoredEntry[]): Promise<void> {
    const entries = new Map<string, BookedEntry>();
    const faults = new Map<string, string>();
    for (const one of stored) {
      try {
        const entry = readEntry(one.name, one.definition);
        const timetable = await timetableOf(entry.schedule, this.#context.timezone);
        entries.set(one.name, { stored: one, entry, timetable });
      } catch (error) {
        faults.set(one.name, messageOf(error));
      }
    }
    for (const [entry, error] of faults) {
      if (this.#faults.get(entry) !== error)
        this.#logger.error({ entry, error }, 'beat: faulty entry left out');
    }
    this.#entries = entries;
    this.#faults = faults;
  }

  look(now: number): Look {
    const steps: Step[] = [];
    let until: number | undefined;
    for (const booked of this.#entries.values()) {
      const found = this.#lookAt(booked, now);
      if (typeof found === 'object') steps.push(found);
      else if (found !== undefined) until = Math.min(until ?? found, found);
    }
    return { steps, until };
  }

  /** A claim held. */
  advance({ name, cursor, timezone, pending }: Claim): void {
    this.#update(name, (stored) => ({ ...stored, cursor, timezone, pending }));
  }

  /** A pending run was sent. */
  settled(name: string, taskId: string, at: number): void {
    this.#update(name, (stored) =>
      stored.pending?.taskId === taskId
        ? { ...stored, pending: null, lastRunAt: at, totalRunCount: stored.totalRunCount + 1 }
        : stored,
    );
  }

  pending(): readonly (BookedEntry & { readonly pending: Pending })[] {
    return [...this.#entries.values()].flatMap((booked) =>
      booked.stored.pending === null ? [] : [{ ...booked, pending: booked.stored.pending }],
    );
  }

  #update(name: string, change: (stored: StoredEntry) => StoredEntry): void {
    const booked = this.#entries.get(name);
    if (booked !== undefined) this.#entries.set(name, { ...booked, stored: change(booked.stored) });
  }

  #lookAt({ stored, entry, timetable }: BookedEntry, now: number): Step | number | undefined {
    const { name, cursor: was, pending } = stored;
    const context = { ...this.#context, now };
    const { timezone } = context;
    const held = plan(entry, stored, timetable, context);
    if (held.kind === 'wait') return held.until;
    // With `all`, a run is not given up for the next one, only when it is too old itself.
    const kept = pending !== null && entry.catch_up === 'all' && pending.tick > oldest(entry, context);
    if (kept && held.kind === 'send') return undefined;
    const sent =
      held.kind === 'send' ? { tick: held.tick, taskId: taskIdOf(this.#app, name, held.tick) } : null;
    const next = held.kind === 'begin' ? pending : sent;
    return { claim: { name, was, cursor: held.cursor, timezone, pending: next }, why: held.kind };
  }
}
