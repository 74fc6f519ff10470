import { shownArguments } from '../../app/index.js';
import { type AnyState, isReady } from '../../base/index.js';
import { type AttemptRecord, type ResultRecord, tracebackFrom } from '../../results/index.js';
import type { Pulse } from '../events/heart.js';
import { NotRegistered, WorkerLostError } from '../execution/task-errors.js';
import type { Run } from '../runs/run.js';

/** What every record of this worker says beside the run. */
export interface RecordSource {
  readonly hostname: string;
  /** `result_extended`. */
  readonly extended: boolean;
  /** The store keeps every run. */
  readonly attempts: boolean;
  /** Undefined: it sends no heartbeats. */
  readonly pulse: Pulse | undefined;
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
    replyTo: message.replyTo,
    correlationId: message.correlationId,
    ...(source.attempts &&
      run.startedAt !== null && { attempt: attemptOf(run, run.startedAt, source, status) }),
    ...(source.extended && {
      extended: {
        name: message.task,
        ...shownArguments(message),
        worker: source.hostname,
        retries: message.retries,
        queue: run.lease.info.routingKey,
        stamps: message.stamps,
      },
    }),
  };
}

/** Nothing for what is stored while it runs, such as progress. */
function attemptOf(
  { runtimeMs, lease }: Run,
  started: number,
  { hostname }: RecordSource,
  status: AnyState,
): AttemptRecord | undefined {
  const ended = isReady(status) || status === 'RETRY' ? started + runtimeMs : null;
  if (ended === null && status !== 'STARTED') return undefined;
  return { started, ended, worker: hostname, queue: lease.info.routingKey };
}

/**
 * STARTED, with the process that runs it (protocol section 6.1). Where its message is acknowledged before it runs, nobody
 * else will run it: then it also says whose heartbeats tell that it is still being run.
 */
export function startedRecord(run: Run, source: RecordSource): ResultRecord {
  const process = { pid: run.pid, hostname: source.hostname };
  const alone = !run.policy.acksLate && source.pulse !== undefined;
  const result = alone ? { ...process, acks_late: false, ...source.pulse } : process;
  return recordOf(run, source, 'STARTED', result, null);
}

/** The stack of an error the task threw; null where no code of a task was involved. */
export const tracebackOf = (error: unknown): string | null =>
  error instanceof NotRegistered || error instanceof WorkerLostError ? null : tracebackFrom(error);
