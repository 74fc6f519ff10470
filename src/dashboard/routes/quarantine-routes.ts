import { z } from 'zod';
import { views } from '../../platform/index.js';
import { notReady } from './not-ready.js';
import { route } from './route.js';

const page = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(1024).optional(),
};

export const quarantineRoutes = [
  route({
    method: 'GET',
    path: '/quarantine',
    summary: 'Messages nobody could process, newest first',
    access: 'viewer',
    query: z.object({ queue: z.string().max(512).optional(), code: z.string().max(100).optional(), ...page }),
    answer: views.quarantinePage,
    keep: true,
    handle: async () => notReady('quarantine'),
  }),
  route({
    method: 'GET',
    path: '/quarantine/:id',
    summary: 'One of them, as it came',
    access: 'operator',
    answer: views.quarantineDetail,
    keep: true,
    handle: async () => notReady('quarantine'),
  }),
  route({
    method: 'GET',
    path: '/audit',
    summary: 'Who did what, newest first',
    access: 'operator',
    query: z.object({
      user: z.string().max(200).optional(),
      action: z.string().max(100).optional(),
      ...page,
    }),
    answer: views.auditPage,
    keep: true,
    handle: async () => notReady('audit'),
  }),
] as const;
