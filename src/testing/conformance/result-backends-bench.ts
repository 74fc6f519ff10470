import type { ResultBackend, ResultRecord, StoredFailure, TaskMeta } from '../../results/index.js';

/** One promise of the seam. */
export interface ResultBackendCase {
  readonly name: string;
  readonly run: (backend: ResultBackend, another: () => Promise<ResultBackend>) => Promise<void>;
}

export const success = (taskId: string, result: unknown): ResultRecord => ({
  taskId,
  status: 'SUCCESS',
  result,
  traceback: null,
});

export const started = (taskId: string): ResultRecord => ({
  taskId,
  status: 'STARTED',
  result: { pid: 4711, hostname: 'export@here' },
  traceback: null,
});

export const failure = (taskId: string, ...args: readonly unknown[]): ResultRecord => ({
  taskId,
  status: 'FAILURE',
  result: { exc_type: 'ValueError', exc_message: args, exc_module: 'builtins' } satisfies StoredFailure,
  traceback: 'Traceback (most recent call last):\n  at here\nValueError',
});

export const revoked = (taskId: string, why = 'revoked'): ResultRecord => ({
  taskId,
  status: 'REVOKED',
  result: {
    exc_type: 'TaskRevokedError',
    exc_message: [why],
    exc_module: 'celery.exceptions',
  } satisfies StoredFailure,
  traceback: null,
});

export const workerLost = (taskId: string): ResultRecord => ({
  ...failure(taskId),
  result: {
    exc_type: 'WorkerLostError',
    exc_message: ['Worker exited prematurely'],
    exc_module: 'billiard.exceptions',
  } satisfies StoredFailure,
  traceback: null,
});

export async function metaOf(backend: ResultBackend, taskId: string): Promise<TaskMeta> {
  const [meta] = await backend.get([taskId]);
  return meta as TaskMeta;
}

/** How long a case waits for something that must happen. Nothing takes this long when all is well. */
export const PATIENCE_MS = 20_000;
