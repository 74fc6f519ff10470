import type { Database } from '../store/database.js';
import type { WorkerView } from '../views/index.js';
import type { WorkerDetails } from './worker-registry.js';

interface Row {
  readonly name: string;
  readonly heard: number;
  readonly silent: number;
  readonly freq: number;
  readonly offline: boolean;
  readonly software: string | null;
  readonly version: string | null;
  readonly pid: number | null;
  readonly clock_offset: number | null;
  readonly active: number | null;
  readonly processed: number | null;
  readonly details: WorkerDetails;
}

/** Heartbeats a worker may miss, and seconds at least, before it counts as silent; seconds after which it counts as gone. */
const MISSED_BEATS = 3;
const SILENT_SECONDS = 30;
const GONE_SECONDS = 600;

const WORKERS = {
  name: 'workertoolbox-workers',
  text: `SELECT name, extract(epoch FROM heard)::float8 AS heard, extract(epoch FROM now() - heard)::float8 AS silent, freq, offline,
    software, version, pid, clock_offset, active, processed::float8 AS processed, details
  FROM workertoolbox.worker ORDER BY name`,
};

/** Every worker heard in the last day. */
export async function listWorkers(database: Database): Promise<readonly WorkerView[]> {
  return (await database.query<Row>(WORKERS)).map(viewOf);
}

function viewOf(row: Row): WorkerView {
  const { name, software, version, pid, processed, details } = row;
  const [, host = name] = /@(.*)$/.exec(name) ?? [];
  const running = row.offline ? [] : (details.active ?? []);
  return {
    name,
    status: statusOf(row),
    language: languageOf(software),
    version,
    host,
    pid,
    pool: details.pool ?? null,
    concurrency: details.concurrency ?? null,
    queues: [...(details.queues ?? [])],
    active: running.map(({ id, name: task, started }) => ({
      id,
      name: task,
      started: started === null ? null : new Date(started * 1000).toISOString(),
    })),
    prefetched: details.prefetched ?? null,
    processed,
    loopLagMs: details.loopLagMs ?? null,
    rssBytes: details.rssBytes ?? null,
    clockOffsetSeconds: row.clock_offset,
    heard: new Date(row.heard * 1000).toISOString(),
  };
}

function statusOf({ offline, silent, freq, details }: Row): WorkerView['status'] {
  if (offline || silent > GONE_SECONDS) return 'gone';
  if (silent > Math.max(SILENT_SECONDS, MISSED_BEATS * freq)) return 'silent';
  return details.state === 'stopping' ? 'draining' : 'up';
}

function languageOf(software: string | null): WorkerView['language'] {
  if (software === 'py-celery') return 'python';
  return software === 'cadasta-workertoolbox' ? 'typescript' : 'unknown';
}
