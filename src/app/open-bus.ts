import { ToolboxError } from '../base/index.js';
import { type Bus, type BusContext, type BusRegistry, PidboxBus } from '../bus/index.js';
import type { Transport } from '../messaging/index.js';
import type { Settings } from './settings/index.js';

export interface OpenBusParts extends Omit<BusContext, 'url' | 'settings'> {
  readonly settings: Settings;
  readonly buses: BusRegistry;
  readonly broker: () => Promise<Transport>;
}

/**
 * The way to all workers: the database of `CONTROL_DB_URL` where that is set; else the broker, where it can broadcast; else
 * the database of results. Undefined when there is none of these.
 */
export async function openBus(parts: OpenBusParts): Promise<Bus | undefined> {
  const { settings, buses, serializers, broker, origin, logger, clock } = parts;
  const context = { settings: busSettings(settings), serializers, origin, logger, clock };
  const given = settings.CONTROL_DB_URL;
  if (typeof given === 'string') return inDatabase(given, 'CONTROL_DB_URL');
  const transport = await broker();
  if (transport.capabilities.broadcast) return new PidboxBus({ ...context, transport });
  const results = settings.result_backend ?? settings.database_url;
  return results === null || !buses.has(schemeOf(results))
    ? undefined
    : inDatabase(results, 'result_backend');

  async function inDatabase(url: string, setting: string): Promise<Bus> {
    const load = buses.get(schemeOf(url));
    if (load === undefined) {
      const known = [...buses.keys()].map((scheme) => `${scheme}://`).join(', ');
      throw new ToolboxError('CONFIG_INVALID', `${setting}: expected a URL that begins with ${known}`, {
        fields: { setting },
      });
    }
    return (await load())({ ...context, url });
  }
}

/** `db+postgresql+psycopg2://` counts as `db+postgresql`. */
const schemeOf = (url: string): string => /^((?:db\+)?\w+)/.exec(url)?.[1] ?? '';

function busSettings(settings: Settings): BusContext['settings'] {
  for (const family of ['control', 'event'] as const) {
    if (!settings[`${family}_queue_durable`] || !settings[`${family}_queue_exclusive`]) continue;
    throw new ToolboxError(
      'CONFIG_INVALID',
      `${family}_queue_durable and ${family}_queue_exclusive exclude each other: set one of them to false`,
      { fields: { setting: `${family}_queue_durable` } },
    );
  }
  return settings;
}
