import { z } from 'zod';
import { ACTIONS, type ActionName, type ActionReport, views } from '../../platform/index.js';
import type { Principal } from '../auth/principal.js';
import { notFound } from '../http/problem.js';
import type { Services } from '../services.js';
import { notReady } from './not-ready.js';
import { route } from './route.js';
import { checkRole } from './serve-route.js';

const order = z.looseObject({ targets: z.array(z.string().max(512)).min(1).max(500) });

export const actionRoutes = [
  route({
    method: 'POST',
    path: '/actions/:action',
    summary:
      'Have something done: targets, and what the action needs. Header Idempotency-Key makes a repetition harmless',
    access: 'operator',
    body: order,
    answer: views.actionReport,
    handle: async ({ params: { action }, who, body: { targets, ...parameters }, services, context }) => {
      if (!isAction(action))
        throw notFound(`there is no action ${action}; known: ${Object.keys(ACTIONS).join(', ')}`);
      checkRole(who, ACTIONS[action]);
      const key = context.req.header('idempotency-key');
      return act(services, action, targets, parameters, { ...who, key });
    },
  }),
  route({
    method: 'POST',
    path: '/bulk',
    summary: 'Have something done to all that a filter finds',
    access: 'operator',
    body: views.bulkRequest,
    answer: views.bulkView,
    handle: async () => notReady('bulk work'),
  }),
  route({
    method: 'GET',
    path: '/bulk/:id',
    summary: 'How far it is',
    access: 'viewer',
    answer: views.bulkView,
    handle: async () => notReady('bulk work'),
  }),
  route({
    method: 'POST',
    path: '/bulk/:id/stop',
    summary: 'Stop it after the task at hand',
    access: 'operator',
    answer: views.bulkView,
    handle: async () => notReady('bulk work'),
  }),
] as const;

/** @throws NOT_READY without an app */
export async function act(
  { actions, acted }: Services,
  action: ActionName,
  targets: readonly string[],
  parameters: object,
  who: Principal & { readonly key?: string | undefined },
): Promise<ActionReport> {
  if (actions === undefined) return notReady('actions: the dashboard was started without an app (-A)');
  const report = await actions.perform(action, targets, parameters, who);
  acted.count(action, who.role);
  return report;
}

const isAction = (name: string): name is ActionName => Object.hasOwn(ACTIONS, name);
