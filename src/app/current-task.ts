import { AsyncLocalStorage } from 'node:async_hooks';
import type { TaskContext } from './task-definition.js';

interface Running {
  readonly context: TaskContext;
  readonly children: unknown[];
}

// Not state of ours: Node keeps one value per asynchronous call chain, so apps and workers never see each other's.
const running = new AsyncLocalStorage<Running>();

/** The task being run by the code that asks, as Celery's `current_task`; undefined outside a run. */
export const currentTask = (): TaskContext | undefined => running.getStore()?.context;

/**
 * Runs `fn` as the given task: calls sent from it get the task as parent and its root as root. The result tuples of these
 * calls are appended to `children` as they are sent.
 */
export const runInTask = <T>(context: TaskContext, fn: () => T, children: unknown[] = []): T =>
  running.run({ context, children }, fn);

/** Notes the result tuple of something the running task has sent. Does nothing outside a run. */
export const recordChild = (resultTuple: unknown): void => {
  running.getStore()?.children.push(resultTuple);
};
