import { z } from 'zod';
import { ACTIONS, type ActionName, type ActionReport, type Actions, views } from '../../platform/index.js';
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
    handle: async ({ body, who, services, context }) => {
      checkRole(who, ACTIONS[body.action]);
      const view = await actionsOf(services).startBulk(body, {
        user: who.user,
        role: who.role,
        key: context.req.header('idempotency-key'),
      });
      services.acted.count(`bulk ${body.action}`, who.role);
      return view;
    },
  }),
  route({
    method: 'GET',
    path: '/bulk/:id',
    summary: 'How far it is',
    access: 'viewer',
    answer: views.bulkView,
    handle: async ({ params: { id }, services }) => {
      const view = await actionsOf(services).bulkView(id);
      if (view === undefined) throw notFound(`there is no bulk work ${id}`);
      return view;
    },
  }),
  route({
    method: 'POST',
    path: '/bulk/:id/stop',
    summary: 'Stop it after the task at hand',
    access: 'operator',
    answer: views.bulkView,
    handle: async ({ params: { id }, who, services }) =>
      actionsOf(services).stopBulk(id, { user: who.user, role: who.role }),
  }),
] as const;

/** @throws NOT_READY without an app */
function actionsOf({ actions }: Services): Actions {
  return actions ?? notReady('actions: the dashboard was started without an app (-A)');
}

/** @throws NOT_READY without an app */
export async function act(
  services: Services,
  action: ActionName,
  targets: readonly string[],
  parameters: object,
  who: Principal & { readonly key?: string | undefined },
): Promise<ActionReport> {
  const report = await actionsOf(services).perform(action, targets, parameters, who);
  services.acted.count(action, who.role);
  return report;
}

const isAction = (name: string): name is ActionName => Object.hasOwn(ACTIONS, name);
