import { type Logger, messageOf } from '../../base/index.js';
import { failureFrom, type ResultBackend } from '../../results/index.js';
import { TaskRevokedError } from '../execution/task-errors.js';

/** States a revoke may replace: of any other, some worker has begun the task, or ended it. */
const OPEN: ReadonlySet<string> = new Set(['PENDING', 'RECEIVED', 'RETRY', 'REJECTED']);

/** Writes REVOKED for tasks nobody has begun, so that whoever waits for them learns of it now. Never rejects. */
export async function markRevoked(
  ids: readonly string[],
  backend: ResultBackend | undefined,
  logger: Logger,
): Promise<void> {
  if (backend === undefined || ids.length === 0) return;
  const result = failureFrom(new TaskRevokedError('revoked'));
  try {
    const metas = await backend.get(ids);
    const open = metas.filter(({ status }) => OPEN.has(status));
    await Promise.all(
      open.map(({ taskId }) => backend.store({ taskId, status: 'REVOKED', result, traceback: null })),
    );
  } catch (error) {
    logger.warn({ ids, error: messageOf(error) }, 'revoked tasks could not be marked in the result store');
  }
}
