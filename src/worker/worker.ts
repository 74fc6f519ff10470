import type { TaskMessage } from '../app/index.js';
import type { Service } from '../base/index.js';
import type { Queue } from '../messaging/index.js';
import type { TaskStats } from './execution/task-stats.js';
import type { AutoscaleRange } from './pools/autoscaler.js';
import type { RevokeOptions } from './revoking/revoker.js';
import type { StampedHeaders } from './revoking/revokes.js';
import type { WorkerInfo } from './worker-info.js';

/** A running worker, and what can be asked of it. Opens the app's connections and leaves them open: `app.close()` ends them. */
export interface Worker extends Service {
  /** Node name. */
  readonly hostname: string;
  /** Slots at present. */
  readonly concurrency: number;
  /** The queues consumed from. */
  readonly queues: readonly Queue[];
  info(): WorkerInfo;
  /**
   * Consumes from a further queue, which is declared. Resolves when it does; while the worker starts (for its extensions) the
   * change is noted. Throws STATE_INVALID when it neither runs nor starts.
   */
  addQueue(queue: Queue): Promise<void>;
  /** Consumes from a queue no longer; messages taken from it are still dealt with. */
  cancelQueue(name: string): Promise<void>;
  /** What became of the runs of each task since the worker started, by task name. */
  taskStats(): ReadonlyMap<string, TaskStats>;
  /**
   * Discards tasks when they would begin; with `terminate` also where they run. All three revokes take effect at once and
   * resolve when that is on record (result store, state file), with the messages of the tasks ended here by `terminate`.
   * What is revoked is kept for three hours, at most 50 000 of each kind.
   */
  revoke(ids: readonly string[], options?: RevokeOptions): Promise<readonly TaskMessage[]>;
  /** The same for every task that bears one of the stamps: `{ batch: ['a', 'b'] }`. */
  revokeByStampedHeaders(headers: StampedHeaders, options?: RevokeOptions): Promise<readonly TaskMessage[]>;
  /** The same for every task of these families: those with one of the root ids. */
  revokeFamily(rootIds: readonly string[], options?: RevokeOptions): Promise<readonly TaskMessage[]>;
  /**
   * Fails a running task from outside its code: with an error of its own that no promise of it hears, as one thrown in a
   * timer. False when no such task runs here.
   */
  fail(id: string, error: unknown): boolean;
  /**
   * Adds slots to the pool, `n` (default 1), and returns how many it has then. Throws STATE_INVALID, with Celery's words as
   * message, when the worker autoscales, does not run, or its pool cannot.
   */
  growPool(n?: number): number;
  /** Takes slots away, as `growPool` adds them; each ends its task first. One stays. */
  shrinkPool(n?: number): number;
  /**
   * Other bounds for a worker that autoscales; what is left out stays. Returns the bounds. Throws STATE_INVALID when it does
   * not (`Autoscale not enabled`), CONFIG_INVALID for bounds that make no sense.
   */
  autoscale(max?: number, min?: number): AutoscaleRange;
  /**
   * Puts fresh processes or threads in the place of all; each ends its task first. Resolves when they are there. Rejects with
   * STATE_INVALID unless `worker_pool_restarts` is set.
   */
  restartPool(): Promise<void>;
  /** Sets the rate limit of a task in this worker: `"10/m"`, a number per second, null or 0 for none. Throws CONFIG_INVALID. */
  rateLimit(task: string, limit: string | number | null): void;
  /**
   * Sets the time limits of a task in this worker, in seconds; null for none. Runs that have begun keep theirs, and limits
   * a message brings win. False when the task is unknown here.
   */
  timeLimit(task: string, hard: number | null, soft: number | null): boolean;
}
