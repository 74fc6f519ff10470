import { type Clock, type Logger, ToolboxError } from '../../base/index.js';
import { type AutoscaleRange, Autoscaler } from './autoscaler.js';
import type { Pool } from './pool.js';

export interface PoolControlOptions {
  readonly pool: Pool;
  /** Given: the number of slots follows the work, between these bounds, and `grow` and `shrink` are refused. */
  readonly autoscale: AutoscaleRange | undefined;
  /** `worker_pool_restarts`. */
  readonly restarts: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Messages held that are due: running, or waiting for a slot. */
  readonly load: () => number;
  /** Slots for which messages are to be taken ahead. */
  readonly onSlots: (slots: number) => void;
}

/** Changes a running pool: by command, or by the amount of work. Every refusal is STATE_INVALID in Celery's words. */
export class PoolControl {
  readonly #options: PoolControlOptions;
  readonly #autoscaler: Autoscaler | undefined;

  constructor(options: PoolControlOptions) {
    this.#options = options;
    const { autoscale, pool, clock, logger, load } = options;
    this.#autoscaler =
      autoscale &&
      new Autoscaler({ range: autoscale, clock, logger, load, size: () => pool.size, resize: this.#resize });
  }

  start(): void {
    this.#autoscaler?.start();
  }

  stop(): void {
    this.#autoscaler?.stop();
  }

  grow(n: number): number {
    return this.#by('pool_grow', n);
  }

  shrink(n: number): number {
    return this.#by('pool_shrink', -n);
  }

  autoscale(max?: number, min?: number): AutoscaleRange {
    if (this.#autoscaler === undefined) throw refused('Autoscale not enabled');
    const range = this.#autoscaler.update(max, min);
    this.#options.onSlots(range.max);
    return range;
  }

  async restart(): Promise<void> {
    const { restarts, pool } = this.#options;
    if (!restarts) throw refused('Pool restarts not enabled');
    await pool.restart?.();
  }

  /** Celery's `stats().autoscaler`. */
  info(): Readonly<Record<string, unknown>> {
    const { load, pool } = this.#options;
    return { ...this.#autoscaler?.range, current: pool.size, qty: load() };
  }

  #by(command: string, change: number): number {
    const { pool, autoscale } = this.#options;
    if (autoscale !== undefined) {
      throw refused(`${command} is not supported with autoscale. Adjust autoscale range instead.`);
    }
    if (!Number.isInteger(change)) throw refused(`${command}: expected a whole number of slots`);
    const size = pool.size + change;
    if (size < 1) throw refused(`${command}: one of ${pool.size} slots must stay`);
    this.#resize(size);
    return size;
  }

  readonly #resize = (size: number): void => {
    const { pool, onSlots } = this.#options;
    if (pool.resize === undefined) throw refused(`the ${pool.name} pool cannot change its size`);
    pool.resize(size);
    onSlots(this.#autoscaler?.range.max ?? size);
  };
}

const refused = (why: string): ToolboxError => new ToolboxError('STATE_INVALID', why);
