import type { ServiceState } from '../base/index.js';
import type { WorkerCounts } from './execution/stats.js';
import type { RequestInfo } from './runs/request-info.js';

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
