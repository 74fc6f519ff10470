import { z } from 'zod';
import { moment, name } from './moment.js';

/** Lines over one axis of times; a value nobody measured is null. */
export const series = z.object({
  stepSeconds: z.number(),
  at: z.array(moment),
  lines: z.array(z.object({ name: z.string(), values: z.array(z.number().nullable()) })),
});
export type Series = z.infer<typeof series>;

export const queueView = z.object({
  name,
  /** The platform queue, whose messages are recorded and not run. */
  records: z.boolean(),
  depth: z.int().nullable(),
  inFlight: z.int().nullable(),
  delayed: z.int().nullable(),
  oldestSeconds: z.number().nullable(),
  /** Messages per second over the last minute. */
  inRate: z.number().nullable(),
  outRate: z.number().nullable(),
  consumers: z.int().nullable(),
  paused: z.boolean(),
  /** Which workers obeyed a pause, and which have not (yet). */
  obeyedBy: z.array(name),
  ignoredBy: z.array(name),
  deadLetter: name.nullable(),
  sampled: moment.nullable(),
  /** Why the broker could not be asked. */
  problem: z.string().nullable(),
});
export type QueueView = z.infer<typeof queueView>;
export const queueDetail = queueView.extend({ history: series });
export type QueueDetail = z.infer<typeof queueDetail>;
