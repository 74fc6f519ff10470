import { type AnyState, isReady, PROPAGATE_STATES, systemClock, type ToolboxError } from '../base/index.js';
import {
  awaitMetas,
  backendOf,
  changesOf,
  type ResultRevokeOptions,
  type ResultSource,
  revokeTasks,
  type WaitOptions,
} from './await-metas.js';
import { errorFrom } from './error-from.js';
import type { TaskMeta } from './result-backend.js';
import type { ResultTuple } from './result-tuple.js';

export interface GetOptions extends WaitOptions {
  /** Throw the task's failure, and that of a parent in its chain. Default true; false resolves with the error instead. */
  readonly propagate?: boolean;
  /** Told of each return value as it is there: of a group, in the order in which its members end. */
  readonly callback?: (taskId: string, value: unknown) => void;
}

export interface AsyncResultOptions {
  readonly backend: ResultSource['backend'];
  readonly clock?: ResultSource['clock'];
  /** How workers are told to discard tasks. */
  readonly revoke?: ResultSource['revoke'];
  /** The result of the task before it in its chain. */
  readonly parent?: AsyncResult;
}

/** A handle on a task's result (Celery's AsyncResult). It asks the backend only when a method is called. */
export class AsyncResult<T = unknown> {
  readonly id: string;
  readonly parent: AsyncResult | undefined;
  /** Where it is asked for. */
  readonly source: ResultSource;

  constructor(id: string, options: AsyncResultOptions) {
    this.id = id;
    this.parent = options.parent;
    this.source = sourceOf(options);
  }

  /**
   * Waits for the return value. Rejects with TASK_FAILED or TASK_REVOKED (fields `type`, `module`, `args`,
   * `traceback`), RESULT_TIMEOUT, ABORTED, RESULT_DISABLED, or the backend's errors.
   */
  get(options?: GetOptions & { readonly propagate?: true }): Promise<T>;
  get(options: GetOptions): Promise<T | ToolboxError>;
  async get(options: GetOptions = {}): Promise<T | ToolboxError> {
    const { propagate = true, callback } = options;
    const chain = propagate ? this.#ancestors() : [];
    const failed = (known: ReadonlyMap<string, TaskMeta>): TaskMeta | undefined =>
      chain.map((id) => known.get(id)).find((meta) => meta && PROPAGATE_STATES.has(meta.status));
    const known = await awaitMetas(
      this.source,
      [this.id, ...chain],
      (metas) => isReady(metas.get(this.id)?.status ?? 'PENDING') || failed(metas) !== undefined,
      options,
    );
    const own = known.get(this.id) as TaskMeta;
    if (own.status === 'SUCCESS') callback?.(this.id, valueOf(own, propagate));
    return isReady(own.status) ? valueOf<T>(own, propagate) : valueOf<T>(failed(known) ?? own, propagate);
  }

  /** What is stored now. A task nobody has written about is PENDING. */
  async result(): Promise<TaskMeta> {
    const [meta] = await (await backendOf(this.source)).get([this.id]);
    return meta as TaskMeta;
  }

  async state(): Promise<AnyState> {
    return (await this.result()).status;
  }

  async ready(): Promise<boolean> {
    return isReady(await this.state());
  }

  async successful(): Promise<boolean> {
    return (await this.state()) === 'SUCCESS';
  }

  async failed(): Promise<boolean> {
    return (await this.state()) === 'FAILURE';
  }

  /**
   * Every change of what is stored, as it is seen, until the task has ended; the last is its end. For progress: `for await
   * (const { status, result } of handle.updates())`. What changes faster than it is read is passed over. Ends by
   * `timeout` or `signal` with RESULT_TIMEOUT or ABORTED.
   */
  updates(options: WaitOptions = {}): AsyncIterable<TaskMeta> {
    return changesOf(this.source, this.id, options);
  }

  /**
   * Results of the tasks this one published; undefined where the backend does not keep them. A group among them has no state of
   * its own: `collect` goes through its members.
   */
  async children(): Promise<readonly AsyncResult[] | undefined> {
    const { children } = await this.result();
    return children?.map((child) => resultFromTuple(child as ResultTuple, this.source));
  }

  /** Tells all workers to discard the task; with `terminate` also where it runs. Does not wait for their answers. */
  async revoke(options: ResultRevokeOptions = {}): Promise<void> {
    await revokeTasks(this.source, [this.id], options);
  }

  /** Removes what is stored, also of the tasks before it in its chain. */
  async forget(): Promise<void> {
    const backend = await backendOf(this.source);
    await Promise.all([this.id, ...this.#ancestors()].map((taskId) => backend.forget(taskId)));
  }

  /** Celery's `as_tuple()`: what travels in messages and results. */
  asTuple(): ResultTuple {
    return [[this.id, this.parent?.asTuple() ?? null], null];
  }

  #ancestors(): readonly string[] {
    const ids: string[] = [];
    for (let each = this.parent; each !== undefined; each = each.parent) ids.push(each.id);
    return ids;
  }
}

/** The handle a tuple stands for. Members of a group are not kept. */
export function resultFromTuple(tuple: ResultTuple, source: AsyncResultOptions): AsyncResult {
  const [[id, parent]] = tuple;
  return new AsyncResult(id, {
    ...sourceOf(source),
    ...(parent && { parent: resultFromTuple(parent, source) }),
  });
}

/** The return value, or the error; thrown when `propagate`. */
export function valueOf<T>(meta: TaskMeta, propagate: boolean): T | ToolboxError {
  if (meta.unreadable !== undefined) throw meta.unreadable;
  if (!PROPAGATE_STATES.has(meta.status)) return meta.result as T;
  const error = errorFrom(meta);
  if (propagate) throw error;
  return error;
}

export const sourceOf = ({ backend, clock = systemClock, revoke }: AsyncResultOptions): ResultSource => ({
  backend,
  clock,
  ...(revoke && { revoke }),
});
