import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';

/** What a task's body leaves behind, outside broker and database: a line a killed process cannot take back. */
interface Entry {
  readonly what: 'start' | 'end';
  readonly id: string;
  readonly pid: number;
  readonly at: number;
}

/** What is known of one task's runs. */
export interface Runs {
  readonly starts: readonly Entry[];
  readonly ends: readonly Entry[];
}

const nothing: Runs = { starts: [], ends: [] };

/** Notes when bodies begin and end, in a file that all processes append to. */
export class Ledger {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  create(): void {
    writeFileSync(this.path, '');
  }

  note(what: Entry['what'], id: string): void {
    appendFileSync(this.path, `${JSON.stringify({ what, id, pid: process.pid, at: Date.now() })}\n`);
  }

  read(): LedgerView {
    const starts = new Map<string, Entry[]>();
    const ends = new Map<string, Entry[]>();
    for (const line of readFileSync(this.path, 'utf8').split('\n')) {
      if (line === '') continue;
      const entry = JSON.parse(line) as Entry;
      const kept = entry.what === 'start' ? starts : ends;
      kept.set(entry.id, [...(kept.get(entry.id) ?? []), entry]);
    }
    return new LedgerView(starts, ends);
  }
}

export class LedgerView {
  readonly #starts: ReadonlyMap<string, readonly Entry[]>;
  readonly #ends: ReadonlyMap<string, readonly Entry[]>;

  constructor(starts: ReadonlyMap<string, readonly Entry[]>, ends: ReadonlyMap<string, readonly Entry[]>) {
    this.#starts = starts;
    this.#ends = ends;
  }

  /** Tasks whose body has begun. */
  get begun(): number {
    return this.#starts.size;
  }

  /** Tasks whose body has come to its end at least once. */
  get completed(): number {
    return this.#ends.size;
  }

  /** Bodies that came to their end beyond the first of each task. */
  get repeated(): number {
    return [...this.#ends.values()].reduce((sum, ends) => sum + ends.length - 1, 0);
  }

  /** Milliseconds of the longest pause between two bodies that came to their end. */
  get longestSilence(): number {
    const moments = [...this.#ends.values()]
      .flatMap((ends) => ends.map(({ at }) => at))
      .sort((a, b) => a - b);
    return moments.reduce((longest, at, n) => Math.max(longest, at - (moments[n - 1] ?? at)), 0);
  }

  of(id: string): Runs {
    return { starts: this.#starts.get(id) ?? nothing.starts, ends: this.#ends.get(id) ?? nothing.ends };
  }
}
