import { isDeepStrictEqual } from 'node:util';
import { type Clock, isReady, ToolboxError } from '../base/index.js';
import type { ResultBackend, TaskMeta } from './result-backend.js';

export interface WaitOptions {
  /** Seconds. Default: as long as it takes. */
  readonly timeout?: number;
  /** Ends the wait with ABORTED. */
  readonly signal?: AbortSignal;
}

/** Where results are asked for. */
export interface ResultSource {
  /** The connected backend; undefined when none is configured. */
  readonly backend: (signal?: AbortSignal) => Promise<ResultBackend | undefined>;
  readonly clock: Clock;
  /** How workers are told to discard tasks; undefined where there is no way to them. */
  readonly revoke?: ((taskIds: readonly string[], options: ResultRevokeOptions) => Promise<void>) | undefined;
}

export interface ResultRevokeOptions {
  /** Also end it where it runs. Default false. */
  readonly terminate?: boolean;
  /** How a Python worker ends its process. Default `SIGTERM`. */
  readonly killSignal?: string;
}

/** Rejects with CONFIG_INVALID when there is no way to the workers. */
export async function revokeTasks(
  source: ResultSource,
  taskIds: readonly string[],
  options: ResultRevokeOptions,
): Promise<void> {
  if (source.revoke !== undefined) return source.revoke(taskIds, options);
  throw new ToolboxError(
    'CONFIG_INVALID',
    'This result was made without an app that could tell workers: take it from app.asyncResult(id)',
  );
}

/** The backend; rejects with RESULT_DISABLED when there is none. */
export async function backendOf(source: ResultSource, signal?: AbortSignal): Promise<ResultBackend> {
  const backend = await source.backend(signal);
  if (backend !== undefined) return backend;
  throw new ToolboxError(
    'RESULT_DISABLED',
    'There is no result backend to ask: set result_backend, for example to db+postgresql://user:password@host/name',
  );
}

/**
 * Waits until `enough` says so about what is known of the tasks. Told by the backend which tasks may have changed; tasks
 * that are done are not read again. Rejects with RESULT_TIMEOUT, ABORTED, RESULT_DISABLED or the backend's errors.
 */
export async function awaitMetas(
  source: ResultSource,
  taskIds: readonly string[],
  enough: (known: ReadonlyMap<string, TaskMeta>) => boolean,
  options: WaitOptions = {},
): Promise<ReadonlyMap<string, TaskMeta>> {
  const known = new Map<string, TaskMeta>();
  const ended = new AbortController();
  const { promise: cut, disarm } = cutOff(source, known, taskIds, ended.signal, options);
  try {
    return await Promise.race([follow(source, taskIds, known, enough, ended.signal), cut]);
  } finally {
    ended.abort();
    disarm();
  }
}

async function follow(
  source: ResultSource,
  taskIds: readonly string[],
  known: Map<string, TaskMeta>,
  enough: (known: ReadonlyMap<string, TaskMeta>) => boolean,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, TaskMeta>> {
  if (enough(known)) return known;
  const backend = await backendOf(source, signal);
  const done = new Set<string>();
  for await (const changed of backend.watch([...new Set(taskIds)], { signal })) {
    const asked = changed.filter((taskId) => !done.has(taskId));
    for (const meta of asked.length === 0 ? [] : await backend.get(asked)) {
      known.set(meta.taskId, meta);
      if (isReady(meta.status)) done.add(meta.taskId);
    }
    if (enough(known)) return known;
  }
  // Only after the wait was cut off, which has rejected already.
  return known;
}

/** The metas of one task as they change, up to that of its end. */
export async function* changesOf(
  source: ResultSource,
  taskId: string,
  options: WaitOptions,
): AsyncGenerator<TaskMeta> {
  let last: TaskMeta | undefined;
  const deadline =
    options.timeout === undefined ? undefined : source.clock.monotonic() + options.timeout * 1000;
  while (last === undefined || !isReady(last.status)) {
    const seen: TaskMeta | undefined = last;
    const timeout =
      deadline === undefined ? undefined : Math.max(0, deadline - source.clock.monotonic()) / 1000;
    const known = await awaitMetas(
      source,
      [taskId],
      (metas) => metas.has(taskId) && !isDeepStrictEqual(metas.get(taskId), seen),
      { ...options, ...(timeout !== undefined && { timeout }) },
    );
    last = known.get(taskId);
    if (last !== undefined) yield last;
  }
}

/** The metas of tasks, each once when it has ended, in that order. */
export async function* metasAsTheyEnd(
  source: ResultSource,
  taskIds: readonly string[],
  { timeout, signal }: WaitOptions,
): AsyncGenerator<TaskMeta> {
  const open = new Set(taskIds);
  const deadline = timeout === undefined ? undefined : source.clock.monotonic() + timeout * 1000;
  while (open.size > 0) {
    const left = deadline === undefined ? undefined : Math.max(0, deadline - source.clock.monotonic()) / 1000;
    const known = await awaitMetas(
      source,
      [...open],
      (metas) => [...metas.values()].some(({ status }) => isReady(status)),
      { ...(left !== undefined && { timeout: left }), ...(signal && { signal }) },
    );
    for (const [taskId, meta] of known) {
      if (isReady(meta.status) && open.delete(taskId)) yield meta;
    }
  }
}

/** A promise that rejects when the time is over or the caller aborts. */
function cutOff(
  { clock }: ResultSource,
  known: ReadonlyMap<string, TaskMeta>,
  taskIds: readonly string[],
  ended: AbortSignal,
  { timeout, signal }: WaitOptions,
): { promise: Promise<never>; disarm: () => void } {
  let onAbort: (() => void) | undefined;
  const promise = new Promise<never>((_, reject) => {
    onAbort = (): void =>
      reject(
        new ToolboxError('ABORTED', `Waiting for ${named(taskIds)} was aborted`, { cause: signal?.reason }),
      );
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    if (timeout === undefined) return;
    clock.sleep(timeout * 1000, ended).then(
      () => reject(timedOut(taskIds, known, timeout)),
      () => undefined,
    );
  });
  promise.catch(() => undefined);
  return { promise, disarm: () => onAbort && signal?.removeEventListener('abort', onAbort) };
}

function timedOut(
  taskIds: readonly string[],
  known: ReadonlyMap<string, TaskMeta>,
  seconds: number,
): ToolboxError {
  const open = taskIds.filter((taskId) => !isReady(known.get(taskId)?.status ?? 'PENDING'));
  const states = open.length === 1 ? ` (state ${known.get(open[0] as string)?.status ?? 'unknown'})` : '';
  return new ToolboxError(
    'RESULT_TIMEOUT',
    `${named(open)}${states} did not end within ${seconds} s. The task may still run: wait longer, or look whether a worker serves its queue`,
    { fields: { taskIds: open, seconds } },
  );
}

const named = (taskIds: readonly string[]): string =>
  taskIds.length === 1
    ? `Task ${taskIds[0]}`
    : `${taskIds.length} tasks (${taskIds.slice(0, 3).join(', ')} ...)`;
