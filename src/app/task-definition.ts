import type { Logger } from '../base/index.js';
import type { AsyncResult } from '../results/index.js';
import type { SignatureData } from './signature-data.js';
import type { TaskMessage } from './task-message.js';
import type { UniqueOptions } from './unique.js';

/** Error classes, or a predicate. */
export type ErrorFilter =
  | readonly (abstract new (
      ...args: never[]
    ) => Error)[]
  | ((error: unknown) => boolean);

/** Options of a task (Celery's task attributes, in camel case as TypeScript users write them). Times in seconds. */
export interface TaskOptions {
  /** Pass the run's context as first argument. */
  readonly bind?: boolean;
  readonly ignoreResult?: boolean;
  readonly storeErrorsEvenIfIgnored?: boolean;
  readonly trackStarted?: boolean;
  readonly acksLate?: boolean;
  readonly acksOnFailureOrTimeout?: boolean;
  /** As `acksOnFailureOrTimeout`, for failures only; wins over it. */
  readonly acksOnFailure?: boolean;
  /** As `acksOnFailureOrTimeout`, for hard time limits only; wins over it. */
  readonly acksOnTimeout?: boolean;
  /** With late acknowledgement: back to its queue when the process that ran it ended. */
  readonly rejectOnWorkerLost?: boolean;
  /** Retried, as by `retry()`, when the process that ran it ended; wins over `rejectOnWorkerLost`. */
  readonly retryOnWorkerLost?: boolean;
  /** Retries after the first run; null for ever. Default 3. */
  readonly maxRetries?: number | null;
  /** Default 180. */
  readonly defaultRetryDelay?: number;
  /** Retry on any of these by itself: error classes, or a predicate. `true` means every error. */
  readonly autoretryFor?: true | ErrorFilter;
  /** Errors that are never retried by themselves, although `autoretryFor` takes them. */
  readonly dontAutoretryFor?: ErrorFilter;
  /** What automatic retries are asked for with (Celery's `retry_kwargs`); `retryBackoff` wins over its countdown. */
  readonly retryKwargs?: Pick<RetryOptions, 'countdown' | 'eta' | 'maxRetries' | 'options'>;
  /** Exponential backoff of automatic retries; a number is the factor in seconds. */
  readonly retryBackoff?: boolean | number;
  /** Default 600. */
  readonly retryBackoffMax?: number;
  /** Default true. */
  readonly retryJitter?: boolean;
  readonly timeLimit?: number;
  readonly softTimeLimit?: number;
  readonly rateLimit?: string | number;
  /** Most starts over all workers together, as `rateLimit`: `'10/m'`. Where it is kept: `COORDINATION_URL`. */
  readonly fleetRateLimit?: string | number;
  /** Running it twice does no more than running it once. Nothing in the engine depends on it: people who retry a task are told. Default false. */
  readonly idempotent?: boolean;
  /** Of equal calls there is one at a time: `true`, or what makes them equal and for how long. Where it is kept: `COORDINATION_URL`. */
  readonly unique?: boolean | UniqueOptions;
  readonly serializer?: string;
  readonly compression?: string;
  readonly priority?: number;
  readonly queue?: string;
  readonly exchange?: string;
  readonly routingKey?: string;
  readonly expires?: number;
  /** Names of positional arguments, for callers that use keywords. Default: read from the function or the schema. */
  readonly argNames?: readonly string[];
  /** Never shown in `argsrepr`, `kwargsrepr` and logs: names of arguments. */
  readonly redact?: readonly string[];
}

/** A signature that comes to `Out`; data from the wire does not say what it comes to. */
export type Replacement<Out> = SignatureData & { readonly '~types'?: { readonly returns: Out } };

/** What a run may ask and do. Bound tasks get it first; others find it with `currentTask()`. */
export interface TaskContext {
  readonly id: string;
  readonly name: string;
  readonly rootId: string;
  readonly parentId: string | null;
  /** Retries so far. */
  readonly retries: number;
  readonly hostname: string;
  readonly request: TaskRequest;
  /** Aborted for revoke, soft time limit, lost lease and shutdown; `reason.code` or `reason.name` tells which. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Sends this call again later and ends the run: never returns. Counts against `maxRetries`. */
  retry(options?: RetryOptions): never;
  /** As `retry`, without counting one: ends the run, and the call comes again in so many seconds. State RETRY meanwhile. */
  snooze(seconds: number): never;
  /**
   * Sends a signature in place of this task and ends the run: `return task.replace(...)`. What is sent last has this task's
   * id, and with it its result; callbacks, errbacks, the rest of the chain, group and chord go over to it. A group's result
   * is the list of its members'. Never resolves, its type is that of the result; rejects with CANVAS_INVALID when it cannot stand
   * for a task, else as `app.send`.
   */
  replace<Out = never>(signature: Replacement<Out>): Promise<Out>;
  /**
   * Sends a signature as one more part of the chord this task is a part of: the body waits for it, and gets its result after
   * those of the header. Rejects with CANVAS_INVALID when the task is no part of a chord, for a group, and where the result
   * store cannot add to chords (Redis can, and PostgreSQL with the table of chords); else as `app.send`.
   */
  addToChord(signature: SignatureData): Promise<AsyncResult>;
  /** Stores a custom state with its meta. */
  updateState(state: string, meta?: unknown): Promise<void>;
  /**
   * Stores how far the task has come: state PROGRESS with `{ current, total, percent, description }`. Calls made while one
   * is being stored share the next storing, so that it may be called often.
   */
  progress(done: number, total?: number | null, text?: string): Promise<void>;
}

/** The request as the message brought it; callbacks may be taken over by setting them to null (see `extractFollowups`). */
export interface TaskRequest extends Omit<TaskMessage, 'embed'> {
  callbacks: readonly SignatureData[] | null;
  errbacks: readonly SignatureData[] | null;
  chain: readonly SignatureData[] | null;
  chord: SignatureData | null;
  readonly deliveryInfo: {
    readonly exchange: string;
    readonly routing_key: string;
    readonly priority: number | null;
    readonly redelivered: boolean;
  };
}

export interface RetryOptions {
  readonly error?: unknown;
  /** Seconds. Default: `defaultRetryDelay`; backoff is for automatic retries, as in Celery. */
  readonly countdown?: number;
  readonly eta?: Date;
  readonly maxRetries?: number | null;
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  /** Further call options for the retried message. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A registered task, as the worker sees it: types erased. */
export interface RegisteredTask {
  readonly name: string;
  readonly options: TaskOptions;
  /** Positional arguments it cannot do without; undefined where nobody knows, and for tasks with a schema. */
  readonly required?: number;
  /**
   * Runs the task's function. Checks and binds positional and keyword arguments first: throws TASK_ARGUMENTS, which is
   * stored as Python's TypeError, when they do not fit.
   */
  run(
    context: TaskContext,
    args: readonly unknown[],
    kwargs: Readonly<Record<string, unknown>>,
  ): Promise<unknown>;
  /** Resolves when such arguments fit; rejects with TASK_ARGUMENTS when they do not. Absent where nobody can tell before it runs. */
  check?(args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): Promise<void>;
}
