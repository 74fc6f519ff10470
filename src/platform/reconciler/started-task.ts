import type { TaskMeta } from '../../results/index.js';
import type { Runner } from './presence.js';

/** A task that was begun, as its row tells. */
export interface StartedTask {
  readonly taskId: string;
  /** Undefined: the row does not say who runs it. */
  readonly runner: Runner | undefined;
  readonly pid: number | null;
  /**
   * Its message was acknowledged before it ran: when its worker is gone, nobody will run it. Undefined: the row does not
   * say, as those that Python's workers write, and those of tasks whose message comes again.
   */
  readonly acknowledged: true | undefined;
}

/** What a row with the state STARTED says; undefined when it has another state by now. */
export function startedTask({ taskId, status, result }: TaskMeta): StartedTask | undefined {
  if (status !== 'STARTED') return undefined;
  const said = (typeof result === 'object' && result !== null ? result : {}) as Partial<
    Record<'hostname' | 'instance' | 'freq' | 'pid' | 'acks_late', unknown>
  >;
  const { hostname, instance, freq, pid, acks_late: acksLate } = said;
  const known = typeof instance === 'string' ? instance : undefined;
  return {
    taskId,
    runner:
      typeof hostname === 'string'
        ? { hostname, instance: known, freq: typeof freq === 'number' ? freq : undefined }
        : undefined,
    pid: typeof pid === 'number' ? pid : null,
    acknowledged: acksLate === false && known !== undefined ? true : undefined,
  };
}
