import { z } from 'zod';
import { count, moment, name, pageOf } from './moment.js';
import { shownValue } from './shown-value.js';

/**
 * Where a task is, finer than Celery's state: what is PENDING there is `scheduled` (its ETA lies ahead), `queued` (sent, not begun),
 * `unknown` (nothing heard for too long) or `lost` (the reconciler looked for it and found no message).
 */
export const PHASES = [
  'scheduled',
  'queued',
  'running',
  'retrying',
  'succeeded',
  'failed',
  'revoked',
  'unknown',
  'lost',
  'other',
] as const;
export const phase = z.enum(PHASES);
export type Phase = z.infer<typeof phase>;

/** What wants attention about a task. */
export const TASK_FLAGS = ['orphan', 'stuck', 'untracked', 'quarantined'] as const;
export const taskFlag = z.enum(TASK_FLAGS);
export type TaskFlag = z.infer<typeof taskFlag>;

/** One line of the task list. Times a part did not record are null. */
export const taskSummary = z.object({
  id: z.string(),
  name,
  /** Celery's state, custom ones included. */
  state: z.string(),
  phase,
  /** Why it is where it is, in words for people ("waits for 12:00", "worker export@a lost"). */
  reason: z.string().nullable(),
  flags: z.array(taskFlag),
  created: moment,
  eta: moment.nullable(),
  started: moment.nullable(),
  done: moment.nullable(),
  /** Milliseconds from sent (or due) to started, and from started to done. */
  waitMs: z.number().nullable(),
  runMs: z.number().nullable(),
  retries: z.int(),
  queue: name.nullable(),
  worker: name.nullable(),
  parentId: z.string().nullable(),
  rootId: z.string(),
  creatorId: z.int().nullable(),
  relatedObjectId: z.string().nullable(),
  isResult: z.boolean(),
  /** Arguments in Python's notation, cut to 200 characters. */
  args: z.string(),
  kwargs: z.string(),
  /** Class name of the exception of a failed task. */
  error: z.string().nullable(),
});
export type TaskSummary = z.infer<typeof taskSummary>;
export const taskPage = pageOf(taskSummary);
export type TaskPage = z.infer<typeof taskPage>;
/** How many tasks a filter finds, by phase and together. */
export const taskCounts = z.object({ phases: z.partialRecord(phase, count), total: count });
export type TaskCounts = z.infer<typeof taskCounts>;

/** One delivery of the task that began to run. */
export const attempt = z.object({
  number: z.int(),
  worker: name.nullable(),
  started: moment,
  ended: moment.nullable(),
  /** A state, or `lost`; null while it runs. */
  outcome: z.string().nullable(),
  reason: z.string().nullable(),
});
export type Attempt = z.infer<typeof attempt>;

export const timelineEntry = z.object({
  what: z.enum([
    'sent',
    'tracked',
    'due',
    'received',
    'started',
    'retried',
    'ended',
    'lost',
    'stored',
    'action',
  ]),
  at: moment,
  /** Who or where: a worker, a user, an attempt. */
  detail: z.string().nullable(),
});
export type TimelineEntry = z.infer<typeof timelineEntry>;

export const taskError = z.object({
  type: z.string(),
  message: z.string(),
  traceback: z.string().nullable(),
  /** Tasks of this name that failed with this exception in the last 24 hours, this one included. */
  sameIn24Hours: z.int(),
});

export const taskDetail = taskSummary.extend({
  input: z.object({ args: shownValue, kwargs: shownValue }),
  options: z.record(z.string(), z.unknown()),
  result: shownValue.nullable(),
  failure: taskError.nullable(),
  attempts: z.array(attempt),
  timeline: z.array(timelineEntry),
  children: z.int(),
  familySize: z.int(),
  familyState: z.string(),
  /** Of the registry, where the app is known: names of the arguments, and what the author says about repeats. */
  definition: z
    .object({ signature: z.string(), doc: z.string().nullable(), idempotent: z.boolean() })
    .nullable(),
  retriedFrom: z.string().nullable(),
  retriedAs: z.array(z.string()),
});
export type TaskDetail = z.infer<typeof taskDetail>;
