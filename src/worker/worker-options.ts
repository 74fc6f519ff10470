import { availableParallelism } from 'node:os';
import type { Settings } from '../app/index.js';
import { type Logger, ToolboxError } from '../base/index.js';
import type { WorkerExtension } from './extension.js';
import type { Quarantine } from './intake/quarantine.js';
import { nodeFile, nodeName } from './node-name.js';
import { type AppModule, appSource } from './pools/app-source.js';
import { type AutoscaleRange, autoscaleRange } from './pools/autoscaler.js';
import type { ChildLimits } from './pools/make-pool.js';
import type { Pool } from './pools/pool.js';
import { POOL_NAMES, type PoolName } from './pools/pool-names.js';
import type { ChordPart } from './settlement/chord-part.js';

/** How a worker works. What is left out comes from the app's settings. */
export interface WorkerOptions extends ChildLimits {
  /** Names of the queues to consume from (`-Q`). Default: every queue of the app that is not a tap. */
  readonly queues?: readonly string[];
  /**
   * Tasks run at a time (`-c`, `worker_concurrency`). Default: 8 for each processor in the `async` pool, 1 for each
   * in `threads` and `prefork`, 1 in `solo`.
   */
  readonly concurrency?: number;
  /** Messages taken for each slot (`worker_prefetch_multiplier`, 4); 0: no limit. */
  readonly prefetchMultiplier?: number;
  /** Node name (`-n`), in which `%h`, `%n` and `%d` are expanded. Default `celery@%h`. */
  readonly hostname?: string;
  /** How tasks are run (`-P`, `worker_pool`): by name, or a pool of your own. */
  readonly pool?: PoolName | Pool;
  /**
   * What the threads or processes of the pools `threads` and `prefork` load the app from: path or URL of a module that
   * exports it as `app` (or `celery`, or by default), as in `new URL('./app.js', import.meta.url)`. Needed by these pools.
   */
  readonly appModule?: AppModule;
  /** Lets the number of slots follow the work, between these bounds (`--autoscale`). Wins over `concurrency`. */
  readonly autoscale?: AutoscaleRange;
  /** Milliseconds running tasks get when the worker stops; then their signals are aborted and their messages go back. Default 25 000. */
  readonly shutdownTimeoutMs?: number;
  /**
   * Deliveries of one message before it is given up as FAILURE and quarantined, as the broker counts them; where it does
   * not, the processes and threads of a pool that it has ended. Default 5.
   */
  readonly maxDeliveries?: number;
  /** Most messages held in memory for their ETA (`worker_eta_task_limit`). Default 2 000. */
  readonly etaLimit?: number;
  /**
   * File in which what is revoked outlives the worker (`--statedb`, `worker_state_db`); `%n`, `%h`, `%d` and `%p` are
   * expanded. Default: none.
   */
  readonly stateFile?: string;
  /** Where messages go that nobody can process. Default: an error in the log. */
  readonly quarantine?: Quarantine;
  /** Counts the members of chords. Default: the result store, where it can; else chords end by `celery.chord_unlock`. */
  readonly chordPart?: ChordPart;
  /** Further steps, started after the broker and the result store are there and before the first message is taken. */
  readonly extensions?: readonly WorkerExtension[];
  /** Send task events (`-E`, `worker_send_task_events`). `enable_events` and `disable_events` change it later. Default false. */
  readonly taskEvents?: boolean;
  /** Seconds between heartbeats; false for none. Default 2. */
  readonly heartbeat?: number | false;
  /** Hear of the other workers. Default true. */
  readonly gossip?: boolean;
  /** Ask the other workers at start what is revoked; it takes a quarter of a second. Default true. */
  readonly mingle?: boolean;
  /** Default: the app's. */
  readonly logger?: Logger;
  /** Source of randomness in [0, 1), for the jitter of retries. */
  readonly random?: () => number;
}

/** What a worker tells and hears of others. */
export interface RemoteOptions {
  readonly taskEvents: boolean;
  /** Seconds; null: no heartbeats. */
  readonly heartbeat: number | null;
  readonly gossip: boolean;
  readonly mingle: boolean;
}

/** Options with every default filled in. */
export interface ResolvedWorkerOptions {
  readonly queues: readonly string[] | undefined;
  /** Slots to begin with. */
  readonly concurrency: number;
  readonly autoscale: AutoscaleRange | undefined;
  /** Messages to take for that many slots; 0: no limit. */
  readonly prefetchFor: (slots: number) => number;
  readonly hostname: string;
  readonly pool: PoolName | Pool;
  readonly shutdownTimeoutMs: number;
  readonly maxDeliveries: number;
  readonly etaLimit: number;
  readonly stateFile: string | undefined;
  readonly random: () => number;
  readonly remote: RemoteOptions;
}

/** An event loop that waits for databases and services carries more tasks than it has processors. */
const ASYNC_TASKS_PER_PROCESSOR = 8;

/** Seconds between heartbeats, as Celery's workers send them. */
const HEARTBEAT_SECONDS = 2;

/** Throws CONFIG_INVALID naming the option. */
export function resolveWorkerOptions(options: WorkerOptions, conf: Settings): ResolvedWorkerOptions {
  const pool = options.pool ?? poolName(conf.worker_pool);
  if (pool === 'threads' || pool === 'prefork') appSource(pool, options.appModule);
  for (const limit of ['maxTasksPerChild', 'maxMemoryPerChild', 'heapPerChildMb'] as const) {
    const value = options[limit];
    if (value !== undefined) whole(limit, value, 1);
  }
  const concurrency = whole('concurrency', options.concurrency ?? defaultConcurrency(pool, conf), 1);
  const multiplier = whole(
    'prefetchMultiplier',
    options.prefetchMultiplier ?? conf.worker_prefetch_multiplier,
    0,
  );
  const hostname = nodeName(options.hostname);
  const stateFile = options.stateFile ?? conf.worker_state_db;
  const autoscale = options.autoscale && autoscaleRange(options.autoscale.max, options.autoscale.min);
  const wanted = autoscale === undefined ? concurrency : Math.max(1, autoscale.min);
  const slots = pool === 'solo' ? 1 : typeof pool === 'string' ? wanted : pool.size;
  return {
    queues: options.queues,
    concurrency: slots,
    autoscale,
    prefetchFor: (count) => (conf.worker_disable_prefetch ? count : count * multiplier),
    hostname,
    pool,
    shutdownTimeoutMs: whole('shutdownTimeoutMs', options.shutdownTimeoutMs ?? 25_000, 0),
    maxDeliveries: whole('maxDeliveries', options.maxDeliveries ?? 5, 1),
    etaLimit: whole('etaLimit', options.etaLimit ?? conf.worker_eta_task_limit ?? 2_000, 1),
    stateFile: stateFile ? nodeFile(stateFile, hostname) : undefined,
    random: options.random ?? Math.random,
    remote: {
      taskEvents: options.taskEvents ?? conf.worker_send_task_events,
      heartbeat: options.heartbeat === false ? null : (options.heartbeat ?? HEARTBEAT_SECONDS),
      gossip: options.gossip ?? true,
      mingle: options.mingle ?? true,
    },
  };
}

function poolName(name: string): PoolName {
  const known = POOL_NAMES.find((one) => one === name);
  if (known !== undefined) return known;
  throw new ToolboxError(
    'CONFIG_INVALID',
    `worker_pool: expected ${POOL_NAMES.join(', ')}, or a pool handed to the worker, got ${JSON.stringify(name)}`,
    { fields: { pool: name } },
  );
}

function defaultConcurrency(pool: PoolName | Pool, conf: Settings): number {
  if (typeof conf.worker_concurrency === 'number') return conf.worker_concurrency;
  if (pool === 'async') return ASYNC_TASKS_PER_PROCESSOR * availableParallelism();
  return pool === 'solo' ? 1 : availableParallelism();
}

function whole(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new ToolboxError('CONFIG_INVALID', `${name}: expected a whole number from ${least}, got ${value}`, {
    fields: { option: name, value },
  });
}
