import { isReady, PROPAGATE_STATES, type ToolboxError } from '../base/index.js';
import { AsyncResult, type AsyncResultOptions, type GetOptions, sourceOf, valueOf } from './async-result.js';
import {
  awaitMetas,
  backendOf,
  metasAsTheyEnd,
  type ResultRevokeOptions,
  type ResultSource,
  revokeTasks,
  type WaitOptions,
} from './await-metas.js';
import type { TaskMeta } from './result-backend.js';
import type { ResultTuple } from './result-tuple.js';

/** The results of a group (Celery's GroupResult), in the order of its members. */
export class GroupResult<T = unknown> {
  readonly id: string;
  readonly results: readonly AsyncResult<T>[];
  readonly parent: AsyncResult | undefined;
  /** Where it is asked for. */
  readonly source: ResultSource;

  constructor(id: string, results: readonly AsyncResult<T>[], options: AsyncResultOptions) {
    this.id = id;
    this.results = results;
    this.parent = options.parent;
    this.source = sourceOf(options);
  }

  /** A group that was saved; undefined when there is none of that id. */
  static async restore<T = unknown>(
    id: string,
    options: AsyncResultOptions,
  ): Promise<GroupResult<T> | undefined> {
    const backend = await backendOf(sourceOf(options));
    const group = await backend.getGroup(id);
    return (
      group &&
      new GroupResult<T>(
        id,
        group.taskIds.map((taskId) => new AsyncResult<T>(taskId, options)),
        options,
      )
    );
  }

  /**
   * Waits for all return values, in the order of the members. With `propagate` (the default) the first failure of any
   * member rejects at once; without, failed members resolve with their errors. Errors as `AsyncResult.get`.
   */
  get(options?: GetOptions & { readonly propagate?: true }): Promise<T[]>;
  get(options: GetOptions): Promise<(T | ToolboxError)[]>;
  async get(options: GetOptions = {}): Promise<(T | ToolboxError)[]> {
    const { propagate = true, callback } = options;
    const ids = this.#ids();
    if (ids.length === 0) return [];
    const told = new Set<string>();
    const tell = (metas: ReadonlyMap<string, TaskMeta>): void => {
      for (const [taskId, meta] of callback === undefined ? [] : metas) {
        if (meta.status !== 'SUCCESS' || told.has(taskId)) continue;
        told.add(taskId);
        callback?.(taskId, valueOf(meta, propagate));
      }
    };
    const fatal = (meta: TaskMeta): boolean => propagate && PROPAGATE_STATES.has(meta.status);
    const known = await awaitMetas(
      this.source,
      ids,
      (metas) => {
        tell(metas);
        return (
          [...metas.values()].some(fatal) || ids.every((id) => isReady(metas.get(id)?.status ?? 'PENDING'))
        );
      },
      options,
    );
    const failed = [...known.values()].find(fatal);
    if (failed !== undefined) valueOf(failed, true);
    return ids.map((id) => valueOf<T>(known.get(id) as TaskMeta, propagate));
  }

  /** The same as `get`, under Celery's other name. */
  join(options?: GetOptions & { readonly propagate?: true }): Promise<T[]>;
  join(options: GetOptions): Promise<(T | ToolboxError)[]>;
  join(options: GetOptions = {}): Promise<(T | ToolboxError)[]> {
    return this.get(options);
  }

  /**
   * What becomes of the members, each when it has ended (Celery's `iter_native`), however: the state is in the meta. Ends by
   * `timeout` or `signal` with RESULT_TIMEOUT or ABORTED.
   */
  iterate(options: WaitOptions = {}): AsyncGenerator<TaskMeta> {
    return metasAsTheyEnd(this.source, this.#ids(), options);
  }

  /** Members that have succeeded, as Celery counts. */
  completedCount(): Promise<number> {
    return this.#count((meta) => meta.status === 'SUCCESS');
  }

  /** All members have ended, however. */
  async ready(): Promise<boolean> {
    return (await this.#count((meta) => isReady(meta.status))) === this.results.length;
  }

  /** Some members have not ended. */
  async waiting(): Promise<boolean> {
    return !(await this.ready());
  }

  async successful(): Promise<boolean> {
    return (await this.completedCount()) === this.results.length;
  }

  async failed(): Promise<boolean> {
    return (await this.#count((meta) => meta.status === 'FAILURE')) > 0;
  }

  /** Stores the group under its id, so that it can be restored from elsewhere. */
  async save(): Promise<void> {
    const backend = await backendOf(this.source);
    await backend.saveGroup({ groupId: this.id, taskIds: this.#ids() });
  }

  /** Removes the members' results. */
  async forget(): Promise<void> {
    await Promise.all(this.results.map((result) => result.forget()));
  }

  /** Removes what `save` has stored; the members' results stay. */
  async delete(): Promise<void> {
    await (await backendOf(this.source)).deleteGroup(this.id);
  }

  /** Tells all workers to discard the members; with `terminate` also where they run. Does not wait for their answers. */
  async revoke(options: ResultRevokeOptions = {}): Promise<void> {
    await revokeTasks(this.source, this.#ids(), options);
  }

  /** Celery's `as_tuple()`. */
  asTuple(): ResultTuple {
    return [[this.id, this.parent?.asTuple() ?? null], this.results.map((result) => result.asTuple())];
  }

  #ids(): readonly string[] {
    return this.results.map((result) => result.id);
  }

  async #count(wanted: (meta: TaskMeta) => boolean): Promise<number> {
    const metas = await (await backendOf(this.source)).get(this.#ids());
    return metas.filter(wanted).length;
  }
}
