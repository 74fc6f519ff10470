import { maskUrl, nearestName, ToolboxError } from '../base/index.js';

/** Celery's default broker, for when neither `broker_url` nor `broker_transport` is set. */
export const DEFAULT_BROKER_URL = 'amqp://guest:guest@localhost:5672//';

/**
 * Finds what is registered for a URL's scheme: the whole scheme first (`db+postgresql+psycopg2`), then without its last
 * parts (`db+postgresql`, `db`), which may name a driver of Python's.
 *
 * @throws ToolboxError CONFIG_INVALID when nothing is.
 */
export function factoryFor<Loader>(
  setting: string,
  url: string,
  registry: ReadonlyMap<string, Loader>,
): Loader {
  const found = registered(url, registry);
  if (found !== undefined) return found;
  const scheme = schemeOf(url);
  const near = nearestName(scheme, registry.keys());
  throw new ToolboxError(
    'CONFIG_INVALID',
    `${setting} ${maskUrl(url)}: nothing is registered for ${scheme}://; ${near === undefined ? `known: ${[...registry.keys()].join(', ')}` : `did you mean ${near}://?`}`,
    { fields: { setting, scheme, known: [...registry.keys()] } },
  );
}

/** The same, undefined when nothing is. */
export function registered<Loader>(url: string, registry: ReadonlyMap<string, Loader>): Loader | undefined {
  for (let parts = schemeOf(url).split('+'); parts.length > 0; parts = parts.slice(0, -1)) {
    const found = registry.get(parts.join('+'));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A bare name (`redis`) counts as a URL of that scheme. */
export const asUrl = (url: string): string => (/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `${url}://`);

const schemeOf = (url: string): string => url.slice(0, url.indexOf(':')).toLowerCase();
