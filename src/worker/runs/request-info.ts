import { shownArguments } from '../../app/index.js';
import { deliveryInfo } from './request.js';
import type { Run } from './run.js';

/** A request as `inspect active` and `inspect reserved` show it (protocol section 9.2). */
export interface RequestInfo {
  readonly id: string;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly type: string;
  readonly hostname: string;
  /** Unix seconds; null before it has begun. */
  readonly time_start: number | null;
  readonly acknowledged: boolean;
  readonly delivery_info: {
    readonly exchange: string;
    readonly routing_key: string;
    readonly priority: number | null;
    readonly redelivered: boolean;
  };
  readonly worker_pid: number;
}

export const requestInfo = (run: Run, hostname: string): RequestInfo => ({
  id: run.id,
  name: run.message.task,
  ...shownArguments(run.message),
  type: run.message.task,
  hostname,
  time_start: run.startedAt === null ? null : run.startedAt / 1000,
  acknowledged: run.acked,
  delivery_info: deliveryInfo(run.deliveryInfo),
  worker_pid: run.pid,
});
