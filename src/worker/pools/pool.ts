import type { RegisteredTask, TaskContext, TaskMessage } from '../../app/index.js';
import type { Logger } from '../../base/index.js';
import type { DeliveryInfo } from '../../messaging/index.js';
import type { Outcome } from '../execution/outcome.js';

/** One run as a pool gets it. */
export interface PoolJob {
  readonly message: TaskMessage;
  readonly delivery: DeliveryInfo;
  readonly task: RegisteredTask;
  readonly context: TaskContext;
  /** Result tuples of the calls made while it runs are appended here. */
  readonly children: unknown[];
  /** To be called once, when a slot has taken the job and before its code begins: with the id of the process that runs it. */
  accepted(pid: number): void;
  /** What the run ended in, from what its code threw. */
  outcomeOf(thrown: unknown): Outcome;
}

/** What a pool finds when it starts. */
export interface PoolContext {
  readonly hostname: string;
  readonly logger: Logger;
}

/** Where task functions are executed. */
export interface Pool {
  /** `async`, `solo`, ... as `-P` names it. */
  readonly name: string;
  /** The code of tasks runs on this event loop, and may block it. Default false. */
  readonly onLoop?: boolean;
  /** Runs at a time. Changes by `resize` alone. */
  readonly size: number;
  /** Resolves when runs can be taken; rejects when they never will. */
  start(context: PoolContext): Promise<void>;
  /** Resolves with what the job ended in, `crashed` when its process ended under it. Never rejects. */
  run(job: PoolJob): Promise<Outcome>;
  /**
   * Really ends the job's code, where the pool can: a process by the signal (default SIGKILL), by force when that does not. Where it cannot (the
   * event loop has no way to stop a function) the run goes on unheard: its value is dropped and its slot counts as free.
   */
  terminate(job: PoolJob, signal?: NodeJS.Signals): void;
  /** Changes the number of slots; those that must go end their job first. Absent: the number is fixed. */
  resize?(size: number): void;
  /** Puts fresh slots in the place of all: each ends its job first. Resolves when they are there. Absent: there is nothing to renew. */
  restart?(): Promise<void>;
  /** Resolves when nothing of the pool is left. */
  stop(): Promise<void>;
  /** Celery's `stats().pool`. */
  info(): Readonly<Record<string, unknown>>;
}
