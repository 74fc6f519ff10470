import type { z } from 'zod';
import { hasCode } from '../../base/index.js';
import type { Role } from '../../platform/index.js';
import { mayAct, type Principal } from '../auth/principal.js';
import type { DashboardContext } from '../http/environment.js';
import { jsonAnswer } from '../http/json-answer.js';
import { jsonBody } from '../http/json-body.js';
import { LastAnswers } from '../http/last-answers.js';
import { ProblemError } from '../http/problem.js';
import type { Services } from '../services.js';
import type { Access, Call, Route } from './route.js';

/** What tells programs that an answer is an old one; pages read the field `stale` of the body. */
export const STALE_HEADER = 'x-stale-since';

/** Makes the handlers of routes: access first, then what was sent, then the work; with old answers while the database is away. */
export class RouteServer {
  readonly #services: Services;
  readonly #last = new LastAnswers();

  constructor(services: Services) {
    this.#services = services;
  }

  handler(route: Route) {
    return async (context: DashboardContext): Promise<Response> => {
      checkAccess(context, route.access);
      const call = await this.#read(route, context);
      if (route.answer === undefined) return (await route.handle(call)) as Response;
      if (route.keep !== true) return jsonAnswer(context, JSON.stringify(await route.handle(call)));
      return this.#kept(route, call, context);
    };
  }

  async #read(route: Route, context: DashboardContext): Promise<Call<string, z.ZodType, z.ZodType>> {
    const params = context.req.param();
    const query = context.req.query();
    for (const [at, value] of Object.entries({ ...query, ...params }))
      if (value.includes('\0'))
        throw new ProblemError(400, 'INPUT_INVALID', `${at}: no text has a NUL character`);
    return {
      params,
      query: route.query?.parse(query),
      body: route.body?.parse(await jsonBody(context)),
      get who() {
        return context.var.principal ?? refuse();
      },
      services: this.#services,
      context,
    };
  }

  async #kept(
    route: Route,
    call: Call<string, z.ZodType, z.ZodType>,
    context: DashboardContext,
  ): Promise<Response> {
    // What is hidden depends on the role.
    const question = `${call.who.role} ${context.req.path} ${JSON.stringify(call.query ?? null)}`;
    try {
      const body = (await route.handle(call)) as object;
      const text = JSON.stringify(body);
      this.#last.keep(question, body, text.length, new Date(this.#services.clock.now()));
      return jsonAnswer(context, text);
    } catch (error) {
      const last = hasCode(error, 'STORE_UNREACHABLE') ? this.#last.last(question) : undefined;
      if (last === undefined) throw error;
      const stale = JSON.stringify({ ...last.body, stale: { since: last.at } });
      return jsonAnswer(context, stale, { [STALE_HEADER]: last.at });
    }
  }
}

/** @throws SIGN_IN_REQUIRED, FORBIDDEN */
export function checkAccess({ var: { principal } }: DashboardContext, access: Access): void {
  if (access === 'anyone') return;
  if (principal === undefined) refuse();
  checkRole(principal, access);
}

/** @throws FORBIDDEN */
export function checkRole(principal: Principal, needs: Role): void {
  if (!mayAct(principal.role, needs))
    throw new ProblemError(
      403,
      'FORBIDDEN',
      `this needs the role ${needs}; ${principal.user} is ${principal.role}`,
    );
}

function refuse(): never {
  throw new ProblemError(401, 'SIGN_IN_REQUIRED', 'sign in, or send an API token: Authorization: Bearer …', {
    headers: { 'www-authenticate': 'Bearer realm="workertoolbox"' },
  });
}
