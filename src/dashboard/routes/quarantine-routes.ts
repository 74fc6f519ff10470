import {
  auditQuery,
  listAudit,
  listQuarantine,
  quarantineQuery,
  showQuarantine,
  views,
} from '../../platform/index.js';
import { notFound } from '../http/problem.js';
import { route } from './route.js';

export const quarantineRoutes = [
  route({
    method: 'GET',
    path: '/quarantine',
    summary: 'Messages nobody could process, newest first',
    access: 'viewer',
    query: quarantineQuery,
    answer: views.quarantinePage,
    keep: true,
    handle: async ({ query, services: { database } }) => listQuarantine(database, query),
  }),
  route({
    method: 'GET',
    path: '/quarantine/:id',
    summary: 'One of them, as it came',
    access: 'operator',
    answer: views.quarantineDetail,
    keep: true,
    handle: async ({ params: { id }, services: { database } }) => {
      const found = await showQuarantine(database, id);
      if (found === undefined) throw notFound(`no message ${id} is in quarantine`);
      return found;
    },
  }),
  route({
    method: 'GET',
    path: '/audit',
    summary: 'Who did what, newest first',
    access: 'operator',
    query: auditQuery,
    answer: views.auditPage,
    keep: true,
    handle: async ({ query, services: { database } }) => listAudit(database, query),
  }),
] as const;
