import type { z } from 'zod';
import { mayAct } from '../auth/principal.js';
import type { DashboardContext } from '../http/environment.js';
import { jsonBody } from '../http/json-body.js';
import { ProblemError } from '../http/problem.js';
import type { Services } from '../services.js';
import type { Access, Call, Route } from './route.js';

/** The handler of one route: access first, then what was sent, then the work. */
export function serveRoute(route: Route, services: Services) {
  return async (context: DashboardContext): Promise<Response> => {
    checkAccess(context, route.access);
    const call: Call<string, z.ZodType, z.ZodType> = {
      params: context.req.param(),
      query: route.query?.parse(context.req.query()),
      body: route.body?.parse(await jsonBody(context)),
      get who() {
        return context.var.principal ?? refuse();
      },
      services,
      context,
    };
    const answer = await route.handle(call);
    return answer instanceof Response ? answer : context.json(answer);
  };
}

export function checkAccess({ var: { principal } }: DashboardContext, access: Access): void {
  if (access === 'anyone') return;
  if (principal === undefined) refuse();
  if (!mayAct(principal.role, access))
    throw new ProblemError(
      403,
      'FORBIDDEN',
      `this needs the role ${access}; ${principal.user} is ${principal.role}`,
    );
}

function refuse(): never {
  throw new ProblemError(401, 'SIGN_IN_REQUIRED', 'sign in, or send an API token: Authorization: Bearer …', {
    headers: { 'www-authenticate': 'Bearer realm="workertoolbox"' },
  });
}
