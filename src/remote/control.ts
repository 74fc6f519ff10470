import type { App } from '../app/index.js';
import { broadcast, type ControlOptions, type Replies } from './broadcast.js';

/** What a worker says of a command: done, or why not. */
export type Answer = { readonly ok: string } | { readonly error: string };

export interface RevokeOptions extends ControlOptions {
  /** Also end it where it runs. Default false. */
  readonly terminate?: boolean;
  /** How a Python worker ends its process. Default `SIGTERM`. */
  readonly killSignal?: string;
}

/**
 * Commands to workers, as Celery's `app.control`. Python's workers understand them too. Every method resolves with the
 * answers by node; `{ reply: false }` sends without waiting.
 */
export interface Control {
  /** Any command by its name, with arguments under Celery's names (docs/reference/control.md). */
  broadcast<R = unknown>(
    method: string,
    args?: Readonly<Record<string, unknown>>,
    options?: ControlOptions,
  ): Promise<Replies<R>>;
  ping(options?: ControlOptions): Promise<Replies<{ readonly ok: 'pong' }>>;
  /** Discards tasks before they begin; with `terminate` also where they run. */
  revoke(ids: string | readonly string[], options?: RevokeOptions): Promise<Replies<Answer>>;
  /** As `revoke`, for tasks with one of these stamps: `{ customer: ['c1'] }`. */
  revokeByStampedHeaders(
    headers: Readonly<Record<string, string | readonly string[]>>,
    options?: RevokeOptions,
  ): Promise<Replies<Answer>>;
  /** `"10/m"`, a number a second, 0 for none. */
  rateLimit(task: string, limit: string | number, options?: ControlOptions): Promise<Replies<Answer>>;
  /** Seconds; null for none. */
  timeLimit(
    task: string,
    limits: { readonly hard?: number | null; readonly soft?: number | null },
    options?: ControlOptions,
  ): Promise<Replies<Answer>>;
  poolGrow(n?: number, options?: ControlOptions): Promise<Replies<Answer>>;
  poolShrink(n?: number, options?: ControlOptions): Promise<Replies<Answer>>;
  autoscale(max: number, min: number, options?: ControlOptions): Promise<Replies<Answer>>;
  addConsumer(queue: string, options?: ControlOptions): Promise<Replies<Answer>>;
  cancelConsumer(queue: string, options?: ControlOptions): Promise<Replies<Answer>>;
  enableEvents(options?: ControlOptions): Promise<Replies<Answer>>;
  disableEvents(options?: ControlOptions): Promise<Replies<Answer>>;
  /** Ends workers warmly. They do not answer. */
  shutdown(options?: ControlOptions): Promise<void>;
}

/** The control client of an app. It holds nothing open between calls. */
export function createControl(app: App): Control {
  const call = <R>(
    method: string,
    args: Readonly<Record<string, unknown>> = {},
    options: ControlOptions = {},
  ): Promise<Replies<R>> => broadcast<R>(app, method, args, options);
  const ending = ({ terminate = false, killSignal = 'SIGTERM' }: RevokeOptions): object => ({
    terminate,
    signal: killSignal,
  });
  return {
    broadcast: call,
    ping: (options) => call('ping', {}, options),
    revoke: (ids, options = {}) => call('revoke', { task_id: ids, ...ending(options) }, options),
    revokeByStampedHeaders: (headers, options = {}) =>
      call('revoke_by_stamped_headers', { headers, ...ending(options) }, options),
    rateLimit: (task, limit, options) => call('rate_limit', { task_name: task, rate_limit: limit }, options),
    timeLimit: (task, { hard = null, soft = null }, options) =>
      call('time_limit', { task_name: task, hard, soft }, options),
    poolGrow: (n = 1, options) => call('pool_grow', { n }, options),
    poolShrink: (n = 1, options) => call('pool_shrink', { n }, options),
    autoscale: (max, min, options) => call('autoscale', { max, min }, options),
    addConsumer: (queue, options) => call('add_consumer', { queue }, options),
    cancelConsumer: (queue, options) => call('cancel_consumer', { queue }, options),
    enableEvents: (options) => call('enable_events', {}, options),
    disableEvents: (options) => call('disable_events', {}, options),
    shutdown: async (options) => void (await call('shutdown', {}, { ...options, reply: false })),
  };
}
