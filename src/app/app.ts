import type { Clock, Emitter, Logger } from '../base/index.js';
import type { Bus, LamportClock } from '../bus/index.js';
import type { Coordination } from '../coordination/index.js';
import type { Destination, OutgoingMessage, Queue, Transport } from '../messaging/index.js';
import type { AsyncResult, ResultBackend, ResultRevokeOptions } from '../results/index.js';
import type { SerializerRegistry } from '../serialization/index.js';
import type { TaskCall } from './call-options.js';
import type { Instrumentation } from './instrumentation.js';
import type { Settings } from './settings/index.js';
import type { Signals } from './signals.js';
import type { RegisteredTask } from './task-definition.js';

/** What the floors above need of an app. `CeleryApp` is the one implementation. */
export interface App {
  readonly name: string;
  /** Every setting with its default filled in, and the internal variables of a `Config`. Frozen once used. */
  readonly conf: Settings;
  readonly signals: Emitter<Signals>;
  readonly tasks: TaskRegistry;
  readonly clock: Clock;
  /** Logical time, shared by everything this app sends and hears. */
  readonly lamport: LamportClock;
  /** Formats of message bodies, for readers and writers of task messages. */
  readonly serializers: SerializerRegistry;
  /** The name sent as `reply_to`: one for each app. */
  readonly replyTo: string;
  logger: Logger;
  /** Code around publishes and runs; see `setupTracing`. Default: none. */
  instrumentation: Instrumentation | undefined;
  /** Settings, or anything with a `toObject()` that gives them (a `Config`). Unknown lowercase settings are an error naming the nearest. */
  configFromObject(source: SettingsSource): this;
  /** The queues of `task_queues`, or the default queue. */
  readonly queues: readonly Queue[];
  /**
   * The queue of that name or alias; one that is missing is made where `task_create_missing_queues` allows it.
   *
   * @throws ToolboxError NOT_DECLARED when it does not.
   */
  queue(name: string): Queue;
  /** Where a call of that task goes by the settings alone, and which of the app's queues take it, taps included. */
  routeOf(task: string): { readonly destination: Destination; readonly takers: readonly Queue[] };
  /** Runs once, before the first publish of this process, after the queues were declared. A hook must not publish itself: it would wait for its own end. */
  onFirstPublish(hook: () => Promise<void>): void;
  /** The connected transport, opened at the first call. Rejects with BROKER_UNREACHABLE, BROKER_REFUSED or CONFIG_INVALID. */
  broker(signal?: AbortSignal): Promise<Transport>;
  /** The connected result backend, opened at the first call; undefined when none is configured. */
  backend(signal?: AbortSignal): Promise<ResultBackend | undefined>;
  /**
   * The result store that may end chords by itself, as far as it can be reached; rejects where it counts their parts and
   * cannot be.
   *
   * @throws ToolboxError CANVAS_INVALID where nothing can end a chord.
   */
  chordBackend(signal?: AbortSignal): Promise<ResultBackend | undefined>;
  /**
   * The connected way to all workers (commands, events), opened at the first call; undefined where neither the broker
   * nor a database offers one. Rejects as `broker` does, or with STORE_UNREACHABLE or STORE_REFUSED.
   */
  bus(signal?: AbortSignal): Promise<Bus | undefined>;
  /**
   * Where this app's programs keep locks and turns, opened at the first call: `COORDINATION_URL`, else the broker's Redis, else
   * the PostgreSQL of results, else this process. Rejects with CONFIG_INVALID, or as `broker` does.
   */
  coordination(): Promise<Coordination>;
  /**
   * An app with the same tasks that runs what is sent here and now, as with `task_always_eager`. Its results are its own,
   * unless `task_store_eager_result` says otherwise.
   */
  eagerApp(): App;
  /** Publishes a call. Declares first; refuses what no queue would take (UNROUTABLE). Resolves when the broker has it. */
  send<T = unknown>(call: TaskCall): Promise<AsyncResult<T>>;
  /**
   * The message `send` would publish now for a call, and where it would go: for those who publish it later. Whether an equal
   * call of a unique task is under way is not asked. Throws as `send` does.
   */
  encode(call: TaskCall): Promise<EncodedCall>;
  /** A handle on any task id; talks to the backend only when asked. */
  asyncResult<T = unknown>(id: string): AsyncResult<T>;
  /** Tells all workers to discard tasks, without waiting for answers; undefined where the app was made without a way to them. */
  readonly revokeTasks?:
    | ((taskIds: readonly string[], options: ResultRevokeOptions) => Promise<void>)
    | undefined;
  /** Those of `broker_url` and `result_backend` that exist in one process only, and no thread or process beside it can reach. */
  readonly inProcess: readonly InProcessSetting[];
  /**
   * Said to the copy of an app in a thread or process of a pool: from now on opening one of `inProcess` rejects with
   * CONFIG_INVALID. What was sent to it would reach nobody.
   */
  becomeChild(place: 'thread' | 'process'): void;
  /** Closes what was opened. The app can be used again afterwards. */
  close(): Promise<void>;
}

export type InProcessSetting = 'broker_url' | 'result_backend';

/** A call as a message. */
export interface EncodedCall {
  readonly id: string;
  readonly task: string;
  readonly rootId: string;
  readonly message: OutgoingMessage;
  readonly destination: Destination;
  /** Addressed by name, and to be declared. */
  readonly queue: Queue | undefined;
}

export type SettingsSource =
  | Readonly<Record<string, unknown>>
  | { toObject(): Readonly<Record<string, unknown>> };

export interface TaskRegistry {
  get(name: string): RegisteredTask | undefined;
  /** Registered with this app, not only with the one it is like (`eagerApp`). */
  has(name: string): boolean;
  /** Throws TASK_DUPLICATE when the name is taken by another task. */
  register(task: RegisteredTask): void;
  /** Puts a task in the place of the one of its name. */
  replace(task: RegisteredTask): void;
  names(): readonly string[];
}
