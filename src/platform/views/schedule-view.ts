import { z } from 'zod';
import { moment, name } from './moment.js';

export const scheduleView = z.object({
  name: z.string(),
  task: name,
  /** In words ("every 10 minutes"), and as written (a crontab, seconds). */
  rule: z.string(),
  written: z.string(),
  zone: z.string(),
  /** The next five times. */
  next: z.array(moment),
  last: moment.nullable(),
  lastTaskId: z.string().nullable(),
  lastState: z.string().nullable(),
  /** Times that have passed without a run, five at most: beat is away, or about to send. */
  missed: z.int(),
  enabled: z.boolean(),
  /** Kept where it can be changed at run time. */
  editable: z.boolean(),
});
export type ScheduleView = z.infer<typeof scheduleView>;
