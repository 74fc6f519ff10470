import { z } from 'zod';
import { moment, name } from './moment.js';

export const workerView = z.object({
  name,
  status: z.enum(['up', 'draining', 'silent', 'gone']),
  language: z.enum(['typescript', 'python', 'unknown']),
  version: z.string().nullable(),
  host: z.string(),
  pid: z.int().nullable(),
  pool: z.string().nullable(),
  concurrency: z.int().nullable(),
  queues: z.array(name),
  active: z.array(z.object({ id: z.string(), name, started: moment.nullable() })),
  prefetched: z.int().nullable(),
  processed: z.int().nullable(),
  loopLagMs: z.number().nullable(),
  rssBytes: z.int().nullable(),
  clockOffsetSeconds: z.number().nullable(),
  heard: moment,
});
export type WorkerView = z.infer<typeof workerView>;
