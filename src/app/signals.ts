import type { Logger } from '../base/index.js';
import type { OutgoingMessage } from '../messaging/index.js';
import type { Settings } from './settings/index.js';
import type { TaskContext, TaskRequest } from './task-definition.js';

interface PublishPayload {
  readonly task: string;
  readonly id: string;
  readonly message: OutgoingMessage;
  readonly exchange: string;
  readonly routingKey: string;
  /** The one queue it is meant for, where the call or the routes name one. */
  readonly queue: string | null;
}

interface RunPayload {
  readonly task: string;
  readonly id: string;
  readonly request: TaskRequest;
}

interface FailurePayload extends RunPayload {
  readonly error: unknown;
  readonly traceback: string | null;
}

/** Every signal and its payload, under Celery's names (celery/signals.py). */
export interface Signals {
  /** The first of a worker: its settings are known and in use, nothing is opened. */
  celeryd_init: { readonly hostname: string; readonly conf: Settings };
  /**
   * Modules that define further tasks are to be loaded now: in a worker before it looks at its tasks, in each process or thread of
   * a pool, and in beat. An error of a listener ends the start.
   */
  import_modules: Record<never, never>;
  /** A worker is about to connect. */
  celeryd_after_setup: {
    readonly hostname: string;
    readonly conf: Settings;
    /** Names of the queues it will consume from. */
    readonly queues: readonly string[];
    /** Adds one, by its name. Throws NOT_DECLARED where the app has none of that name and may not make it. */
    consumeFrom(queue: string): void;
  };
  worker_init: { readonly hostname: string };
  worker_ready: { readonly hostname: string };
  worker_shutting_down: { readonly hostname: string; readonly how: 'warm' | 'cold' };
  worker_shutdown: { readonly hostname: string };
  /** With each heartbeat of a worker, its first and last words included. */
  heartbeat_sent: { readonly hostname: string };
  /**
   * The command line would set up logging now. Where anybody listens it does not: `app.logger` stays what the listener made
   * it. `loglevel` is Celery's name in lower case.
   */
  setup_logging: { readonly loglevel: string };
  /** The command line has set up logging: `app.logger` is what it made. A listener may put another in its place. */
  after_setup_logger: { readonly loglevel: string; readonly logger: Logger };
  /** The same of what tasks log with (`task.logger`). */
  after_setup_task_logger: { readonly loglevel: string; readonly logger: Logger };
  beat_init: { readonly hostname: string };
  /** Beat inside a worker. */
  beat_embedded_init: { readonly hostname: string };
  /** In each process or thread of a pool, when it has loaded the app and before its first task; in the worker itself with the pool `solo`. */
  worker_process_init: { readonly hostname: string; readonly pid: number };
  /** In each process or thread of a pool, when it ends in an orderly way. */
  worker_process_shutdown: { readonly hostname: string; readonly pid: number };
  before_task_publish: PublishPayload;
  after_task_publish: PublishPayload;
  task_received: RunPayload;
  task_prerun: RunPayload & { readonly context: TaskContext };
  task_postrun: RunPayload & {
    readonly context: TaskContext;
    readonly state: string;
    readonly retval: unknown;
  };
  task_success: RunPayload & { readonly result: unknown };
  task_failure: FailurePayload;
  task_retry: FailurePayload;
  task_revoked: RunPayload & { readonly expired: boolean; readonly terminated: boolean };
  task_unknown: { readonly task: string; readonly id: string };
  task_rejected: { readonly reason: string; readonly id: string | null; readonly queue: string };
  task_internal_error: FailurePayload;
}
