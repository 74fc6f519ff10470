import type { RegisteredTask, TaskContext } from '../../app/index.js';

/** One run as a pool gets it. */
export interface PoolJob {
  readonly task: RegisteredTask;
  readonly context: TaskContext;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Result tuples of the calls made while it runs are appended here. */
  readonly children: unknown[];
}

/** Where task functions are executed. */
export interface Pool {
  /** `async`, `solo`, ... as `-P` names it. */
  readonly name: string;
  /** Runs at a time. */
  readonly size: number;
  /** Resolves when runs can be taken. */
  start(): Promise<void>;
  /** Resolves with the function's value; rejects with what it threw, or with WorkerLostError when its process ended. */
  run(job: PoolJob): Promise<unknown>;
  /**
   * Really ends the job's code, where the pool can. Where it cannot (the event loop has no way to stop a function) the
   * run goes on unheard: its value is dropped and its slot counts as free. `signal` is what a child process is sent;
   * default: what surely ends it.
   */
  terminate(job: PoolJob, signal?: NodeJS.Signals): void;
  /** Resolves when nothing of the pool is left. */
  stop(): Promise<void>;
  info(): Readonly<Record<string, unknown>>;
}
