import {
  localContext,
  runInTask,
  type SignatureData,
  type TaskContext,
  type TaskRequest,
} from '../app/index.js';
import { kindOf } from './draft.js';
import type { CanvasApp } from './sending.js';

/** What an errback that is called is told. */
export interface TaskFailure {
  readonly request: TaskRequest;
  readonly error: unknown;
  readonly traceback: string | null;
}

/**
 * Whether an errback is called here with `(request, error, traceback)`, as Celery calls those that take more than an id; all
 * others are sent, with the id of what failed. Bound, immutable and unknown ones are always sent.
 */
export function isCalledHere(app: CanvasApp, errback: SignatureData): boolean {
  if (errback.immutable || kindOf(errback) !== 'task') return false;
  const task = app.tasks.get(errback.task);
  if (task?.required === undefined || task.options.bind === true) return false;
  return task.required - errback.args.length - Object.keys(errback.kwargs).length > 1;
}

/** Calls such an errback in this process, as part of the task that failed. Rejects with what it throws. */
export async function callErrback(
  app: CanvasApp,
  { task: name, args, kwargs }: SignatureData,
  { request, error, traceback }: TaskFailure,
  context?: TaskContext,
): Promise<void> {
  const call = async (): Promise<unknown> =>
    app.tasks.get(name)?.run(localContext(name), [request, error, traceback, ...args], kwargs);
  await (context === undefined ? call() : runInTask(context, call));
}
