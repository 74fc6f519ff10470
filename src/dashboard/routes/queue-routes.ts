import { z } from 'zod';
import { views } from '../../platform/index.js';
import { notReady } from './not-ready.js';
import { route } from './route.js';

/** A list that is always whole. */
const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.null(), previous: z.null() });

export const queueRoutes = [
  route({
    method: 'GET',
    path: '/queues',
    summary: 'All queues, as last seen',
    access: 'viewer',
    answer: listOf(views.queueView),
    keep: true,
    handle: async () => notReady('queues'),
  }),
  route({
    method: 'GET',
    path: '/queues/:name',
    summary: 'One queue with seven days of its history',
    access: 'viewer',
    answer: views.queueDetail,
    keep: true,
    handle: async () => notReady('queues'),
  }),
  route({
    method: 'GET',
    path: '/queues/:name/peek',
    summary: 'The first messages of a queue, left where they are',
    access: 'operator',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(20).default(20),
      confirmed: z.stringbool().default(false),
    }),
    answer: views.peekView,
    handle: async () => notReady('peek'),
  }),
  route({
    method: 'GET',
    path: '/workers',
    summary: 'All workers heard lately',
    access: 'viewer',
    answer: listOf(views.workerView),
    keep: true,
    handle: async () => notReady('workers'),
  }),
  route({
    method: 'GET',
    path: '/workers/:name',
    summary: 'One worker',
    access: 'viewer',
    answer: views.workerView,
    keep: true,
    handle: async () => notReady('workers'),
  }),
  route({
    method: 'GET',
    path: '/schedules',
    summary: 'What beat sends, and when',
    access: 'viewer',
    answer: listOf(views.scheduleView),
    keep: true,
    handle: async () => notReady('schedules'),
  }),
] as const;
