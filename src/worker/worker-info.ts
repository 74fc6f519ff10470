import type { ServiceState } from '../base/index.js';
import type { Engine } from './engine.js';
import { type RequestInfo, requestInfo } from './request-info.js';
import type { WorkerCounts } from './stats.js';

/** What a worker is doing: what `inspect` and the dashboard show. */
export interface WorkerInfo {
  readonly hostname: string;
  readonly pid: number;
  readonly state: ServiceState;
  readonly queues: readonly string[];
  /** Running now. */
  readonly active: readonly RequestInfo[];
  /** Taken, and waiting for a slot. */
  readonly reserved: readonly RequestInfo[];
  /** Taken, and waiting for their ETA. */
  readonly scheduled: readonly {
    readonly eta: string;
    readonly priority: number;
    readonly request: RequestInfo;
  }[];
  /** Revoked ids. */
  readonly revoked: readonly string[];
  readonly counts: WorkerCounts;
  /** Steps that are up, each with its facts. */
  readonly steps: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Celery's timer priority of ETA tasks. */
const ETA_PRIORITY = 6;

/** The part of the info that the engine knows. */
export function engineInfo(
  engine: Engine | undefined,
  hostname: string,
): Pick<WorkerInfo, 'active' | 'reserved' | 'scheduled' | 'revoked'> {
  if (engine === undefined) return { active: [], reserved: [], scheduled: [], revoked: [] };
  const { table, revokes } = engine;
  return {
    active: table.in('running', 'settling').map((run) => requestInfo(run, hostname)),
    reserved: table.in('reserved').map((run) => requestInfo(run, hostname)),
    scheduled: engine.scheduled().map(([run, dueMs]) => ({
      eta: new Date(dueMs).toISOString(),
      priority: ETA_PRIORITY,
      request: requestInfo(run, hostname),
    })),
    revoked: revokes.list(),
  };
}
