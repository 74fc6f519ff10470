import { z } from 'zod';
import { describeQueue, listQueues, listSchedules, listWorkers, views } from '../../platform/index.js';
import { notFound } from '../http/problem.js';
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
    handle: async ({ services: { database } }) => listed(await listQueues(database)),
  }),
  route({
    method: 'GET',
    path: '/queues/:name',
    summary: 'One queue with seven days of its history',
    access: 'viewer',
    answer: views.queueDetail,
    keep: true,
    handle: async ({ params: { name }, services: { database, clock } }) =>
      (await describeQueue(database, name, clock.now())) ?? missing('queue', name),
  }),
  route({
    method: 'GET',
    path: '/workers',
    summary: 'All workers heard lately',
    access: 'viewer',
    answer: listOf(views.workerView),
    keep: true,
    handle: async ({ services: { database } }) => listed(await listWorkers(database)),
  }),
  route({
    method: 'GET',
    path: '/workers/:name',
    summary: 'One worker',
    access: 'viewer',
    answer: views.workerView,
    keep: true,
    handle: async ({ params: { name }, services: { database } }) =>
      (await listWorkers(database)).find((worker) => worker.name === name) ?? missing('worker', name),
  }),
  route({
    method: 'GET',
    path: '/schedules',
    summary: 'What beat sends, and when',
    access: 'viewer',
    answer: listOf(views.scheduleView),
    keep: true,
    handle: async ({ services: { app, database, schedules } }) => {
      const store = await schedules();
      if (app === undefined || store === undefined) return notReady('schedules');
      return listed(await listSchedules(app, store, database));
    },
  }),
] as const;

const listed = <T>(items: readonly T[]) => ({ items: [...items], next: null, previous: null });

function missing(what: string, name: string): never {
  throw notFound(`no ${what} ${name} was seen`);
}
