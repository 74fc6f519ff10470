import type { Settings } from '../../app/index.js';
import type { Clock } from '../../base/index.js';
import { type AppModule, appSource } from './app-source.js';
import { asyncPool, soloPool } from './async-pool.js';
import { ChildPool } from './children/child-pool.js';
import { launchProcess } from './children/launch-process.js';
import { launchThread } from './children/launch-thread.js';
import type { Pool } from './pool.js';
import type { PoolName } from './pool-names.js';

export interface ChildLimits {
  /** Tasks after which a process or thread is replaced (`worker_max_tasks_per_child`). Default: never. */
  readonly maxTasksPerChild?: number;
  /**
   * KiB of memory after which a process (resident) or thread (its heap) is replaced, looked at after each task
   * (`worker_max_memory_per_child`). Default: never.
   */
  readonly maxMemoryPerChild?: number;
  /** MiB of heap a process or thread may have: with more it ends, and its task with it. Default: as Node lays down. */
  readonly heapPerChildMb?: number;
}

export interface MakePoolOptions extends ChildLimits {
  readonly name: PoolName;
  readonly size: number;
  readonly appModule: AppModule | undefined;
  readonly conf: Settings;
  readonly clock: Clock;
}

/** The pool of that name. Throws CONFIG_INVALID when it needs the app's module and does not know it. */
export function makePool({ name, size, appModule, conf, clock, ...limits }: MakePoolOptions): Pool {
  if (name === 'solo') return soloPool();
  if (name === 'async') return asyncPool(size);
  return new ChildPool({
    name,
    size,
    launch: name === 'threads' ? launchThread : launchProcess,
    source: appSource(name, appModule),
    maxTasks: limits.maxTasksPerChild ?? conf.worker_max_tasks_per_child,
    maxMemory: limits.maxMemoryPerChild ?? conf.worker_max_memory_per_child,
    heapMb: limits.heapPerChildMb,
    aliveTimeoutMs: conf.worker_proc_alive_timeout * 1000,
    lostWaitMs: conf.worker_lost_wait * 1000,
    clock,
  });
}
