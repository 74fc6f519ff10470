import { z } from 'zod';
import { countTasks, familyView, listTasks, taskDetail, views } from '../../platform/index.js';
import { exportTasks } from '../export/export-tasks.js';
import { notFound } from '../http/problem.js';
import { definitionIn } from './definition.js';
import { Privacy } from './privacy.js';
import { route } from './route.js';

const exportQuery = views.taskFilter.extend({
  /** A byte order mark first, which spreadsheets want. */
  bom: z.stringbool().default(false),
});

export const taskRoutes = [
  route({
    method: 'GET',
    path: '/tasks',
    summary: 'Tasks that fit a filter, one page',
    access: 'viewer',
    query: views.taskListQuery,
    answer: views.taskPage,
    keep: true,
    handle: async ({ query, services, who }) => {
      const page = await listTasks(services.database, query);
      return { ...page, items: new Privacy(services, who).found(page.items, query) };
    },
  }),
  route({
    method: 'GET',
    path: '/tasks/counts',
    summary: 'How many tasks fit a filter, by phase',
    access: 'viewer',
    query: views.taskFilter,
    answer: views.taskCounts,
    keep: true,
    handle: async ({ query, services, who }) => {
      new Privacy(services, who).refuseCounting(query);
      return countTasks(services.database, query);
    },
  }),
  route({
    method: 'GET',
    path: '/tasks/export.csv',
    summary: 'All tasks that fit a filter, as a table',
    access: 'viewer',
    query: exportQuery,
    contentType: 'text/csv',
    handle: async ({ query: { bom, ...filter }, services, who }) =>
      download(
        exportTasks(services, who, filter, { format: 'csv', bom }),
        'text/csv; charset=utf-8',
        'tasks.csv',
      ),
  }),
  route({
    method: 'GET',
    path: '/tasks/export.ndjson',
    summary: 'All tasks that fit a filter, one JSON a line',
    access: 'viewer',
    query: views.taskFilter,
    contentType: 'application/x-ndjson',
    handle: async ({ query, services, who }) =>
      download(
        exportTasks(services, who, query, { format: 'ndjson' }),
        'application/x-ndjson',
        'tasks.ndjson',
      ),
  }),
  route({
    method: 'GET',
    path: '/tasks/:id',
    summary: 'One task with its values, attempts and timeline',
    access: 'viewer',
    answer: views.taskDetail,
    keep: true,
    handle: async ({ params: { id }, services, who }) => {
      const found = await taskDetail(services.database, id, { definitionOf: definitionIn(services.app) });
      if (found === undefined) throw noTask(id);
      return new Privacy(services, who).detail(found);
    },
  }),
  route({
    method: 'GET',
    path: '/tasks/:id/family',
    summary: 'The tasks of a family, whichever member is given',
    access: 'viewer',
    answer: views.familyView,
    keep: true,
    handle: async ({ params: { id }, services }) => {
      const found = await familyView(services.database, id);
      if (found === undefined) throw noTask(id);
      return found;
    },
  }),
] as const;

const noTask = (id: string) => notFound(`no task ${id} was recorded`);

/** Foreign content: a browser saves it and never shows it. */
const download = (body: ReadableStream<Uint8Array>, type: string, name: string): Response =>
  new Response(body, {
    headers: { 'content-type': type, 'content-disposition': `attachment; filename="${name}"` },
  });
