import { z } from 'zod';
import { moment, name } from './moment.js';
import { series } from './queue-view.js';

export const WINDOWS = { '15m': 900, '1h': 3600, '6h': 21_600, '24h': 86_400, '7d': 604_800 } as const;
export const windowName = z.enum(Object.keys(WINDOWS) as [keyof typeof WINDOWS]);
export type WindowName = keyof typeof WINDOWS;

/** What needs a person, worst first; `link` is the address of the view that shows it. */
export const attention = z.object({
  kind: z.enum([
    'stuck-started',
    'unknown-pending',
    'lost',
    'orphans',
    'untracked',
    'quarantine',
    'tracking-lag',
    'silent-workers',
    'no-consumer',
    'clock-offset',
    'paused-queue',
    'configuration',
  ]),
  severity: z.enum(['problem', 'warning']),
  message: z.string(),
  count: z.int().nonnegative(),
  link: z.string(),
});
export type Attention = z.infer<typeof attention>;

export const overviewView = z.object({
  at: moment,
  window: windowName,
  tiles: z.object({
    /** Tasks ended per second over the last minute. */
    throughput: z.number(),
    failures15m: z.int(),
    oldestQueuedSeconds: z.number().nullable(),
    workersUp: z.int(),
    workersKnown: z.int(),
  }),
  /** Tasks per second by outcome; seconds waited and run (p50, p95, p99); messages by queue. */
  throughput: series,
  waiting: series,
  running: series,
  depth: series,
  attention: z.array(attention),
  failures: z.array(
    z.object({
      task: name,
      error: z.string(),
      count: z.int(),
      lastId: z.string(),
      lastAt: moment,
      sample: z.string(),
    }),
  ),
});
export type OverviewView = z.infer<typeof overviewView>;

/** One kind of task. Seconds; share between 0 and 1. */
export const typeView = z.object({
  name,
  total: z.int(),
  failed: z.int(),
  failureShare: z.number(),
  run: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).nullable(),
  wait: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).nullable(),
  signature: z.string().nullable(),
  doc: z.string().nullable(),
});
export type TypeView = z.infer<typeof typeView>;
export const typeDetail = typeView.extend({
  slowest: z.array(z.object({ id: z.string(), runMs: z.number(), worker: name.nullable() })),
  throughput: series,
  running: series,
});
export type TypeDetail = z.infer<typeof typeDetail>;
