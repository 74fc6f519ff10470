import type { Random } from './random.js';
import type { Servers } from './servers.js';

export type TransportName = 'rabbitmq' | 'redis' | 'sqs';
export const TRANSPORTS: readonly TransportName[] = ['rabbitmq', 'redis', 'sqs'];

/** What a figure must be. */
export type Gate = { readonly atMost: number } | { readonly atLeast: number };

/** One measured number of a row of the fault matrix, and whether it is what was promised. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly gate: Gate;
  /** It depends on how busy the machine is: judged in the full form only. */
  readonly timed?: true;
}

export interface RowContext {
  readonly servers: Servers;
  /** Where the row has one: the broker it runs on. */
  readonly transport: TransportName;
  readonly random: Random;
  /** `full` of them in the full form, `short` in the form that every change is checked with. */
  count(short: number, full: number): number;
}

/** A row of the fault matrix: a fault, and what must hold under it. */
export interface ChaosRow {
  /** `F2`: as the matrix names it. */
  readonly id: string;
  readonly title: string;
  /** Brokers it runs on, each by itself. */
  readonly on: readonly TransportName[];
  run(context: RowContext): Promise<readonly Figure[]>;
}

/** Rows about one broker alone. */
export const rowsOn =
  (transport: TransportName) =>
  (id: string, title: string, run: ChaosRow['run']): ChaosRow => ({ id, title, on: [transport], run });

export const none = (what: string, value: number): Figure => ({ what, value, gate: { atMost: 0 } });
export const atMost = (what: string, value: number, limit: number): Figure => ({
  what,
  value,
  gate: { atMost: limit },
});
export const within = (what: string, value: number, limit: number): Figure => ({
  what,
  value,
  gate: { atMost: limit },
  timed: true,
});
export const atLeast = (what: string, value: number, limit: number): Figure => ({
  what,
  value,
  gate: { atLeast: limit },
});

export const isMet = ({ value, gate }: Figure): boolean =>
  'atMost' in gate ? value <= gate.atMost : value >= gate.atLeast;
