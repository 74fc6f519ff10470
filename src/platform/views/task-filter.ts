import { z } from 'zod';
import { moment } from './moment.js';
import { phase } from './task-view.js';

const list = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value),
    z.array(item),
  );

export const TASK_SORTS = ['created', 'done', 'name', 'runtime'] as const;

/** What the task list can be asked, as the address of the page writes it. All conditions hold together. */
export const taskFilter = z.object({
  /** Celery states or phases, several by comma. */
  state: list(z.union([phase, z.string().max(50)])).optional(),
  /** Task names; `export.*` matches a beginning. */
  type: z.string().max(200).optional(),
  queue: z.string().max(200).optional(),
  worker: z.string().max(200).optional(),
  creator: z.coerce.number().int().optional(),
  related: z.string().max(24).optional(),
  root: z.string().max(155).optional(),
  parent: z.string().max(155).optional(),
  from: moment.optional(),
  to: moment.optional(),
  /** The search language: words, "…", AND OR NOT -, ( ), `name: state: args: kwargs: result: error: is: created> runtime>`. */
  q: z.string().max(2048).optional(),
});
export type TaskFilter = z.infer<typeof taskFilter>;

export const taskListQuery = taskFilter.extend({
  sort: z.enum(TASK_SORTS).default('created'),
  order: z.enum(['desc', 'asc']).default('desc'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(1024).optional(),
});
export type TaskListQuery = z.infer<typeof taskListQuery>;
