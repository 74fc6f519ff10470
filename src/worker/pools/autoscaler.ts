import { type Clock, type Logger, ToolboxError } from '../../base/index.js';

export interface AutoscaleRange {
  readonly max: number;
  readonly min: number;
}

export interface AutoscalerOptions {
  readonly range: AutoscaleRange;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Messages held that are due: running, or waiting for a slot. */
  readonly load: () => number;
  readonly size: () => number;
  readonly resize: (size: number) => void;
}

const LOOK_EVERY_MS = 1_000;
/** Milliseconds without the need for more before slots are given up (Celery's AUTOSCALE_KEEPALIVE). */
const KEEP_ALIVE_MS = 30_000;

/** Keeps the number of slots in step with the work: up at once, down when it has been too large for a while. */
export class Autoscaler {
  readonly #options: AutoscalerOptions;
  #range: AutoscaleRange;
  #neededAt: number;
  #cancel: (() => void) | undefined;

  constructor(options: AutoscalerOptions) {
    this.#options = options;
    this.#range = options.range;
    this.#neededAt = options.clock.monotonic();
  }

  get range(): AutoscaleRange {
    return this.#range;
  }

  start(): void {
    this.#look();
    this.#cancel = this.#options.clock.after(LOOK_EVERY_MS, () => this.start());
  }

  stop(): void {
    this.#cancel?.();
  }

  /** Other bounds; what is left out stays. The number of slots follows at once. */
  update(max = this.#range.max, min = Math.min(this.#range.min, max)): AutoscaleRange {
    this.#range = autoscaleRange(max, min);
    const size = this.#options.size();
    const wanted = Math.min(Math.max(size, min, 1), max);
    if (wanted !== size) this.#scale(wanted);
    return this.#range;
  }

  #look(): void {
    const { load, size, clock } = this.#options;
    const { max, min } = this.#range;
    const wanted = Math.min(Math.max(load(), min, 1), max);
    const now = clock.monotonic();
    if (wanted >= size()) this.#neededAt = now;
    if (wanted > size() || (wanted < size() && now - this.#neededAt >= KEEP_ALIVE_MS)) this.#scale(wanted);
  }

  #scale(slots: number): void {
    const { logger, resize, size } = this.#options;
    logger.info({ from: size(), slots }, 'autoscale');
    resize(slots);
  }
}

/** Throws CONFIG_INVALID unless both are whole numbers, `max` from 1 and `min` up to it. One slot stays when `min` is 0. */
export function autoscaleRange(max: number, min: number): AutoscaleRange {
  if (Number.isInteger(max) && Number.isInteger(min) && max >= 1 && 0 <= min && min <= max)
    return { max, min };
  throw new ToolboxError(
    'CONFIG_INVALID',
    `autoscale: expected max from 1 and min up to max, got ${max},${min}`,
    { fields: { max, min } },
  );
}
