import type { DashboardContext, Layer } from './environment.js';
import { ProblemError } from './problem.js';

const READING = new Set(['GET', 'HEAD']);

/**
 * Refuses what another site may have made a browser send. What changes something must come from our own page, or carry its
 * own credential (`Authorization`), which no browser adds by itself.
 */
export const sameOrigin: Layer = async (c, next) => {
  if (!READING.has(c.req.method)) refuseForeign(c);
  await next();
};

function refuseForeign(c: DashboardContext): void {
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  if (site !== undefined && site !== 'same-origin') throw crossSite(`Sec-Fetch-Site is ${site}`);
  if (origin !== undefined && !isOwn(origin, c, site === 'same-origin'))
    throw crossSite('Origin is another site');
  if (c.req.header('authorization') !== undefined) return;
  if (site === undefined && origin === undefined)
    throw crossSite('neither Sec-Fetch-Site nor Origin is there; a program sends an API token instead');
  const [type] = (c.req.header('content-type') ?? '').split(';');
  if (hasBody(c) && type?.trim().toLowerCase() !== 'application/json')
    throw new ProblemError(415, 'CROSS_SITE', 'send JSON, with content-type application/json');
}

const hasBody = (c: DashboardContext): boolean =>
  c.req.header('transfer-encoding') !== undefined || Number(c.req.header('content-length') ?? 0) > 0;

/** Behind a proxy that ends TLS without telling us, only the browser knows the scheme, and has judged it then. */
function isOwn(origin: string, c: DashboardContext, schemeJudged: boolean): boolean {
  const { host, secure } = c.var.client;
  const schemes = schemeJudged ? ['https', 'http'] : [secure ? 'https' : 'http'];
  return schemes.some((scheme) => origin.toLowerCase() === `${scheme}://${host}`);
}

const crossSite = (why: string): ProblemError =>
  new ProblemError(403, 'CROSS_SITE', `this request did not come from the dashboard's own page: ${why}`);
