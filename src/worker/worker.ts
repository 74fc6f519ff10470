import type { Service } from '../base/index.js';
import type { WorkerInfo } from './worker-info.js';

/** A running worker, and what can be asked of it. Opens the app's connections and leaves them open: `app.close()` ends them. */
export interface Worker extends Service {
  /** Node name. */
  readonly hostname: string;
  readonly concurrency: number;
  info(): WorkerInfo;
  /** Discards tasks when they would begin; with `terminate` also where they run. */
  revoke(ids: readonly string[], options?: { readonly terminate?: boolean }): void;
  /**
   * Fails a running task from outside its code: with an error of its own that no promise of it hears, as one thrown in a
   * timer. False when no such task runs here.
   */
  fail(id: string, error: unknown): boolean;
  /** Sets the rate limit of a task in this worker: `"10/m"`, a number per second, null or 0 for none. Throws CONFIG_INVALID. */
  rateLimit(task: string, limit: string | number | null): void;
}
