import { z } from 'zod';
import { role } from './action-view.js';
import { moment } from './moment.js';

/** Who is looking at the page. */
export const sessionView = z.object({
  user: z.string(),
  role,
  /** To be sent back as `X-CSRF-Token` with every change, where the session is a cookie. */
  csrf: z.string().nullable(),
  /** False where a proxy or the host application signed the person in. */
  canSignOut: z.boolean(),
});
export type SessionView = z.infer<typeof sessionView>;

/** What the page looks at again when something changed. */
export const CHANGE_TOPICS = ['tasks', 'overview', 'queues', 'workers', 'quarantine', 'bulk'] as const;
/** The data of an event `change` of the stream. */
export const changeEvent = z.object({
  topics: z.array(z.enum(CHANGE_TOPICS)),
  at: moment,
  /** Of the tasks that changed, where they are few. */
  ids: z.array(z.string()).optional(),
});
export type ChangeTopic = (typeof CHANGE_TOPICS)[number];
export type ChangeEvent = z.infer<typeof changeEvent>;
