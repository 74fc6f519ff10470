import { z } from 'zod';
import { overview, typeDetail, typeViews, views } from '../../platform/index.js';
import { notFound } from '../http/problem.js';
import { definitionIn } from './definition.js';
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
    handle: async ({ query: { window }, services: { app, database, clock } }) => ({
      items: await typeViews(database, window, clock.now(), definitionIn(app)),
      next: null,
      previous: null,
    }),
  }),
  route({
    method: 'GET',
    path: '/types/:name',
    summary: 'One name of task',
    access: 'viewer',
    query: windowQuery,
    answer: views.typeDetail,
    keep: true,
    handle: async ({ params: { name }, query: { window }, services: { app, database, clock } }) => {
      const found = await typeDetail(database, name, window, clock.now(), definitionIn(app));
      if (found === undefined) throw notFound(`no task named ${name} was recorded`);
      return found;
    },
  }),
] as const;
