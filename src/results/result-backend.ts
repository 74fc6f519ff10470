import type { AnyState, Clock, Logger, ToolboxError } from '../base/index.js';
import type { Transport } from '../messaging/index.js';
import type { SerializerRegistry } from '../serialization/index.js';
import type { ChordCounter } from './chord-counter.js';
import type { ChordStore } from './chord-store.js';

/** A failure as the result stores keep it: data only, never a class that is looked up. */
export interface StoredFailure {
  /** Class name as Python reads it: `ValueError`, `TaskRevokedError`. */
  readonly exc_type: string;
  /** The exception's args; they must be serializable. */
  readonly exc_message: readonly unknown[];
  /** Module of the class: `builtins`, `celery.exceptions`, or our package name. */
  readonly exc_module: string;
}

/** One run of a task, from its begin or its end. */
export interface AttemptRecord {
  /** Wall clock, milliseconds. */
  readonly started: number;
  /** Null while it runs. */
  readonly ended: number | null;
  readonly worker: string;
  readonly queue: string | null;
}

/** What is written for a task. */
export interface ResultRecord {
  readonly taskId: string;
  readonly status: AnyState;
  /** The return value; in FAILURE, RETRY and REVOKED a StoredFailure; in STARTED `{ pid, hostname }`; else the custom meta. */
  readonly result: unknown;
  readonly traceback: string | null;
  readonly parentId?: string | null;
  readonly groupId?: string | null;
  /** Result tuples of tasks published while running (key/value stores keep them). */
  readonly children?: readonly unknown[];
  /** Only written when `result_extended` is on and the store has the columns. */
  readonly extended?: {
    readonly name: string;
    readonly args: unknown;
    readonly kwargs: unknown;
    readonly worker: string;
    readonly retries: number;
    readonly queue: string | null;
    /** What the task is stamped with. */
    readonly stamps?: Readonly<Record<string, unknown>>;
  };
  /** The run that the record tells of; only given where the store keeps runs. */
  readonly attempt?: AttemptRecord | undefined;
  /** The queue its caller gets replies from; null when nobody asked for one. */
  readonly replyTo?: string | null;
  /** What the reply is recognised by. Default: the task's id. */
  readonly correlationId?: string | null;
}

/** Of the call and the run, where `result_extended` was on when it was stored; what nobody stored is null. */
export interface ExtendedMeta {
  readonly name: string | null;
  readonly args: unknown;
  readonly kwargs: unknown;
  readonly worker: string | null;
  readonly retries: number | null;
  readonly queue: string | null;
}

/** What is read for a task. A task nobody has written about reads as PENDING. */
export interface TaskMeta {
  readonly taskId: string;
  readonly status: AnyState;
  readonly result: unknown;
  readonly traceback: string | null;
  readonly dateDone: Date | null;
  readonly children?: readonly unknown[];
  readonly parentId?: string | null;
  /** What `result_extended` has stored beside it. */
  readonly extended?: ExtendedMeta;
  /** Why `result` is null although something is stored: DECODE_FAILED or BUDGET_EXCEEDED. */
  readonly unreadable?: ToolboxError;
}

/** A group as it is saved: its id and its members' result tuples. */
export interface GroupMeta {
  readonly groupId: string;
  readonly taskIds: readonly string[];
}

export interface WatchOptions {
  readonly signal: AbortSignal;
}

export interface ResultBackendCapabilities {
  /** `watch` is told by the store; otherwise it polls with growing, bounded pauses. */
  readonly notifies: boolean;
  /** Keeps `children`. */
  readonly children: boolean;
  /** Keeps every run of a task beside its result. Default false. */
  readonly attempts?: boolean;
}

/**
 * Where results are kept. Adapters translate driver errors at their edge to RESULT_BACKEND_UNREACHABLE (worth retrying)
 * and RESULT_BACKEND_REFUSED (not, until somebody acts).
 */
export interface ResultBackend {
  readonly capabilities: ResultBackendCapabilities;
  /** Where it connects to, password masked. */
  readonly url: string;
  /** Resolves when the store has answered once and is fit for use; else rejects, saying what to do. */
  connect(signal?: AbortSignal): Promise<void>;
  /**
   * Resolves when the record is durable. Idempotent: repeating it after an unknown outcome is safe. A terminal
   * state is never overwritten by STARTED or RETRY. Concurrent calls are gathered into one statement.
   */
  store(record: ResultRecord): Promise<void>;
  /** One meta per id, in the order of the ids. */
  get(taskIds: readonly string[]): Promise<readonly TaskMeta[]>;
  /** Yields the ids among `taskIds` that may have changed, until the signal aborts; callers then `get`. Yields all of them at first. */
  watch(taskIds: readonly string[], options: WatchOptions): AsyncIterable<readonly string[]>;
  /** Removes the task's record. */
  forget(taskId: string): Promise<void>;
  /** Counts the parts of chords; absent where `celery.chord_unlock` looks for their end. */
  readonly chordCounter?: ChordCounter;
  /** Before calls are sent whose results are asked for here: for stores that are told only what they wait for. */
  expectReplies?(): Promise<void>;
  saveGroup(group: GroupMeta): Promise<void>;
  getGroup(groupId: string): Promise<GroupMeta | undefined>;
  /** Forgets that the group was saved. */
  deleteGroup(groupId: string): Promise<void>;
  /** Where the store can tell by itself that a chord's header is done. */
  readonly chords?: ChordStore;
  /** Ids of the tasks whose state is STARTED; absent where the store cannot be asked for them. */
  started?(): Promise<readonly string[]>;
  /** Removes what ended before that moment (`celery.backend_cleanup`) and resolves with the number; absent where the store forgets by itself. */
  cleanup?(before: Date): Promise<number>;
  /** Waits for pending writes, ends everything. */
  close(): Promise<void>;
}

export interface ResultBackendContext {
  /** `result_backend` as configured. */
  readonly url: string;
  /** `database_*`, `result_backend_transport_options`, `result_expires`, `result_extended` as configured. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The app's formats. Default: all that are built in. */
  readonly serializers?: SerializerRegistry;
  /** For results that travel as messages. */
  readonly messaging?: {
    readonly broker: () => Promise<Transport>;
    /** The queue that replies to this app's calls go to. */
    readonly replyTo: string;
  };
  readonly logger: Logger;
  readonly clock: Clock;
}

export type ResultBackendFactory = (context: ResultBackendContext) => Promise<ResultBackend>;

/** Loads a backend's code, and says before that what calls must know of it. */
export interface ResultBackendLoader {
  (): Promise<ResultBackendFactory>;
  /** Who ends chords: the store counts their parts, or nobody does. Default: the store where it can, else `celery.chord_unlock`. */
  readonly chords?: 'counted' | 'impossible';
  /** `expectReplies` comes before the first call. */
  readonly replies?: boolean;
  /** The store is this process: no other process or thread can reach it. Default false. */
  readonly inProcess?: boolean;
}

/** URL schemes to lazily loaded factories. Each app owns one; it is filled by the composition root. */
export type ResultBackendRegistry = ReadonlyMap<string, ResultBackendLoader>;
