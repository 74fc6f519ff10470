import { z } from 'zod';
import { views } from '../../platform/index.js';
import { route } from './route.js';

const account = z.object({
  kind: z.enum(['user', 'token']),
  name: z.string(),
  role: views.role,
  created: views.moment,
});

export const userRoutes = [
  route({
    method: 'GET',
    path: '/users',
    summary: 'Who may sign in, and which programs have a token',
    access: 'admin',
    answer: z.object({ items: z.array(account), next: z.null(), previous: z.null() }),
    handle: async ({ services: { gate } }) => {
      const { accounts } = await gate.accounts.current();
      const items = accounts.map(({ kind, name, role, created }) => ({ kind, name, role, created }));
      return { items, next: null, previous: null };
    },
  }),
] as const;
