import type { Servers } from './servers.js';

/** Who is measured: ours, the raw client that bounds us, or a peer whom users would take instead. */
export type Who = 'ours' | 'raw' | 'peer';

/** Figures of one run, by name; names carry the unit: `rate /s`, `cpu s/1000`, `rss MB`. */
export type Figures = Readonly<Record<string, number>>;

export interface RunContext {
  readonly servers: Servers;
  readonly quick: boolean;
  /** `full` messages, fewer in the quick form. */
  count(full: number): number;
}

export interface BenchCase {
  /** `subject/who/variant`, by which goals and `--only` name it. */
  readonly name: string;
  readonly title: string;
  readonly who: Who;
  readonly needs: readonly Need[];
  run(context: RunContext): Promise<Figures>;
}

/** `redis-results` is there when a result backend of that scheme is registered. */
export type Need = 'rabbitmq' | 'redis' | 'redis-results' | 'postgres' | 'python';

export const RATE = 'rate /s';
export const CPU = 'cpu s/1000';
export const RSS = 'rss MB';
export const CALLS = 'calls/task';
export const IDLE_CALLS = 'calls/min';
export const IDLE_CPU = 'idle cpu %';
export const P50 = 'p50 ms';
export const P99 = 'p99 ms';
export const WORST = 'worst ms';
export const CHORD = 'chord s';
export const TRANSACTIONS = 'transactions';
export const UNLOCKS = 'chord_unlocks';
