import { shownArguments } from '../../app/index.js';
import type { AnyState } from '../../base/index.js';
import { type ResultRecord, tracebackFrom } from '../../results/index.js';
import { NotRegistered, WorkerLostError } from '../execution/task-errors.js';
import type { Run } from '../runs/run.js';

/** What every record of this worker says beside the run. */
export interface RecordSource {
  readonly hostname: string;
  /** `result_extended`. */
  readonly extended: boolean;
}

export function recordOf(
  run: Run,
  source: RecordSource,
  status: AnyState,
  result: unknown,
  traceback: string | null,
): ResultRecord {
  const { message } = run;
  return {
    taskId: message.id,
    status,
    result,
    traceback,
    parentId: message.parentId,
    groupId: message.groupId,
    ...(source.extended && {
      extended: {
        name: message.task,
        ...shownArguments(message),
        worker: source.hostname,
        retries: message.retries,
        queue: run.lease.info.routingKey,
      },
    }),
  };
}

/** STARTED, with the process that runs it (protocol section 6.1). */
export const startedRecord = (run: Run, source: RecordSource): ResultRecord =>
  recordOf(run, source, 'STARTED', { pid: run.pid, hostname: source.hostname }, null);

/** The stack of an error the task threw; null where no code of a task was involved. */
export const tracebackOf = (error: unknown): string | null =>
  error instanceof NotRegistered || error instanceof WorkerLostError ? null : tracebackFrom(error);
