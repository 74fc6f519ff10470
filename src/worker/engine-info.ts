import type { Engine } from './engine.js';
import { requestInfo } from './runs/request-info.js';
import type { WorkerInfo } from './worker-info.js';

/** Celery's timer priority of ETA tasks. */
const ETA_PRIORITY = 6;

/** The part of the info that the engine knows. */
export function engineInfo(
  engine: Engine | undefined,
  hostname: string,
): Pick<WorkerInfo, 'active' | 'reserved' | 'scheduled'> {
  if (engine === undefined) return { active: [], reserved: [], scheduled: [] };
  const { table } = engine;
  return {
    active: table.in('running', 'settling').map((run) => requestInfo(run, hostname)),
    reserved: table.in('reserved').map((run) => requestInfo(run, hostname)),
    scheduled: engine.scheduled().map(([run, dueMs]) => ({
      eta: new Date(dueMs).toISOString(),
      priority: ETA_PRIORITY,
      request: requestInfo(run, hostname),
    })),
  };
}
