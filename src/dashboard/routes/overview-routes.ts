import { z } from 'zod';
import { overview, views } from '../../platform/index.js';
import { notReady } from './not-ready.js';
import { route } from './route.js';

const windowQuery = z.object({ window: views.windowName.default('1h') });

export const overviewRoutes = [
  route({
    method: 'GET',
    path: '/overview',
    summary: 'How the whole system does',
    access: 'viewer',
    query: windowQuery,
    answer: views.overviewView,
    keep: true,
    handle: async ({ query: { window }, services: { database, clock } }) =>
      overview(database, window, clock.now()),
  }),
  route({
    method: 'GET',
    path: '/types',
    summary: 'Times and failures by name of task',
    access: 'viewer',
    query: windowQuery,
    answer: z.object({ items: z.array(views.typeView), next: z.null(), previous: z.null() }),
    keep: true,
    handle: async () => notReady('types'),
  }),
  route({
    method: 'GET',
    path: '/types/:name',
    summary: 'One name of task',
    access: 'viewer',
    query: windowQuery,
    answer: views.typeDetail,
    keep: true,
    handle: async () => notReady('types'),
  }),
] as const;
