import type { OutgoingMessage } from '../messaging/index.js';
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
  worker_init: { readonly hostname: string };
  worker_ready: { readonly hostname: string };
  worker_shutting_down: { readonly hostname: string; readonly how: 'warm' | 'cold' };
  worker_shutdown: { readonly hostname: string };
  beat_init: { readonly hostname: string };
  /** Beat inside a worker. */
  beat_embedded_init: { readonly hostname: string };
  /** In each process or thread of a pool, when it has loaded the app and before its first task. */
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
