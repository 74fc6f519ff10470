import { ToolboxError } from '../../base/index.js';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/**
 * Milliseconds between two starts of a task under a rate limit: `"10/m"`, `"100/h"`, `"5/s"`, a number or `"5"` for a
 * second. Null when there is no limit (null, 0, empty). Throws CONFIG_INVALID.
 */
export function rateInterval(limit: string | number | null): number | null {
  if (limit === null || limit === '' || limit === 0) return null;
  const [count = '', unit = 's'] = String(limit).split('/');
  const operations = Number(count);
  const seconds = SECONDS[unit.trim().slice(0, 1)];
  if (count.trim() === '' || !Number.isFinite(operations) || operations < 0 || seconds === undefined) {
    throw new ToolboxError(
      'CONFIG_INVALID',
      `rate_limit: expected a number, or a number per s, m or h such as "10/m", got ${JSON.stringify(limit)}`,
      { fields: { limit } },
    );
  }
  return operations === 0 ? null : (seconds * 1000) / operations;
}

/** Token buckets of capacity 1, one for each task name and worker, as Celery keeps them. */
export class RateLimits {
  readonly #next = new Map<string, number>();
  readonly #overrides = new Map<string, string | number | null>();

  /** A limit set at run time, which beats the task's own. Throws CONFIG_INVALID. */
  override(task: string, limit: string | number | null): void {
    rateInterval(limit);
    this.#overrides.set(task, limit);
    this.#next.delete(task);
  }

  /** Takes the next place in the line: milliseconds until it may start, 0 when at once. `now` is monotonic. */
  take(task: string, own: string | number | null, now: number): number {
    const override = this.#overrides.size === 0 ? undefined : this.#overrides.get(task);
    const limit = override === undefined ? own : override;
    if (limit === null) return 0;
    const interval = rateInterval(limit);
    if (interval === null) return 0;
    const start = Math.max(now, this.#next.get(task) ?? now);
    this.#next.set(task, start + interval);
    return start - now;
  }
}
