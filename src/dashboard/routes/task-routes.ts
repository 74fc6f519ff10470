import { taskListQuery, taskPage } from '../../platform/index.js';
import { notReady } from './not-ready.js';
import { route } from './route.js';

export const taskRoutes = [
  route({
    method: 'GET',
    path: '/tasks',
    summary: 'Tasks that fit a filter, one page',
    access: 'viewer',
    query: taskListQuery,
    answer: taskPage,
    keep: true,
    handle: async () => notReady('tasks'),
  }),
] as const;
