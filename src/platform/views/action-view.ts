import { z } from 'zod';
import { moment, pageOf } from './moment.js';
import { taskFilter } from './task-filter.js';

export const ROLES = ['viewer', 'operator', 'admin'] as const;
export const role = z.enum(ROLES);
export type Role = z.infer<typeof role>;

/** What a person may have done. `ACTION_ROLES` says who may. */
export const ACTIONS = {
  'task.retry': 'operator',
  'task.revoke': 'operator',
  'task.terminate': 'admin',
  'quarantine.replay': 'operator',
  'quarantine.discard': 'operator',
  'queue.pause': 'operator',
  'queue.resume': 'operator',
  'queue.purge': 'admin',
  'worker.drain': 'operator',
  'worker.shutdown': 'admin',
  'worker.pool': 'admin',
  'worker.consumer': 'operator',
  'worker.rate-limit': 'operator',
  'worker.time-limit': 'operator',
  'schedule.trigger': 'operator',
  'schedule.pause': 'operator',
  'schedule.resume': 'operator',
} as const satisfies Record<string, Role>;
export type ActionName = keyof typeof ACTIONS;

/** What became of one item. */
export const actionItem = z.object({
  id: z.string(),
  outcome: z.enum(['done', 'refused', 'failed', 'skipped']),
  message: z.string(),
  /** Of the message sent anew, where it is another. */
  newId: z.string().optional(),
});
export type ActionItem = z.infer<typeof actionItem>;
export const actionReport = z.object({ action: z.string(), items: z.array(actionItem) });
export type ActionReport = z.infer<typeof actionReport>;

/** An action on all that a filter finds: a snapshot of at most 10,000 ids, worked through at `perSecond`. */
export const bulkRequest = z.object({
  action: z.enum(['task.retry', 'task.revoke', 'quarantine.replay', 'quarantine.discard']),
  filter: taskFilter,
  /** How many the person saw and confirmed: refused when the filter now finds over a tenth more. */
  confirmed: z.int().positive(),
  perSecond: z.number().positive().max(1000).default(50),
});
export type BulkRequest = z.infer<typeof bulkRequest>;
export const bulkView = z.object({
  id: z.string(),
  action: z.string(),
  user: z.string(),
  state: z.enum(['running', 'stopped', 'ended', 'failed']),
  total: z.int(),
  done: z.int(),
  refused: z.int(),
  failed: z.int(),
  started: moment,
  ended: moment.nullable(),
  /** The first hundred that were not done. */
  problems: z.array(actionItem),
});
export type BulkView = z.infer<typeof bulkView>;

export const auditEntry = z.object({
  id: z.string(),
  at: moment,
  user: z.string(),
  role: z.string(),
  action: z.string(),
  target: z.string(),
  count: z.int(),
  outcome: z.string(),
  /** Before and after, filter, edits. Secrets masked. */
  detail: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof auditEntry>;
export const auditPage = pageOf(auditEntry);
export type AuditPage = z.infer<typeof auditPage>;
