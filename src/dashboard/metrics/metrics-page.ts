import { timingSafeEqual } from 'node:crypto';
import { messageOf } from '../../base/index.js';
import { PROMETHEUS_TYPE, PrometheusText } from '../../toolbox/index.js';
import type { DashboardContext } from '../http/environment.js';
import { ProblemError } from '../http/problem.js';
import type { Services } from '../services.js';
import { platformMetrics } from './platform-metrics.js';

/** `/metrics`: with a token where one is set (or for who is signed in), else for everybody, as Flower's. */
export const metricsPage =
  (services: Services, token: string | undefined) =>
  async (c: DashboardContext): Promise<Response> => {
    if (token !== undefined && !isToken(c.req.header('authorization'), token)) {
      if ((await services.gate.principal(c)) === undefined)
        throw new ProblemError(401, 'SIGN_IN_REQUIRED', 'metrics need their token: Authorization: Bearer …', {
          headers: { 'www-authenticate': 'Bearer realm="metrics"' },
        });
    }
    return new Response(await metricsText(services), { headers: { 'content-type': PROMETHEUS_TYPE } });
  };

/** What is heard is told also while the database, which knows the rest, is away. */
export async function metricsText({
  flower,
  acted,
  database,
  feed,
  started,
  logger,
}: Services): Promise<string> {
  const text = new PrometheusText();
  flower.write(text);
  const actions = text.family(
    'wt_dashboard_action_total',
    'counter',
    'Actions of people, by action and role',
  );
  for (const { action, role, count } of acted.all()) actions.add({ action, role }, count);
  text.family('wt_dashboard_streams', 'gauge', 'Open pages').add({}, feed.listeners);
  const platform = await platformMetrics(database, started).catch((error: unknown) => {
    logger.debug({ error: messageOf(error) }, 'dashboard: metrics without the database');
    return '';
  });
  text.family('wt_database_up', 'gauge', 'The platform database answers').add({}, platform === '' ? 0 : 1);
  return text.toString() + platform;
}

function isToken(authorization: string | undefined, token: string): boolean {
  const [given, wanted] = [Buffer.from(authorization ?? ''), Buffer.from(`Bearer ${token}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
