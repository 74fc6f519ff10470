import { type Clock, type Logger, maskUrl, ToolboxError } from '../base/index.js';
import { type Coordination, type CoordinationRegistry, MemoryCoordination } from '../coordination/index.js';
import type { Transport, TransportRegistry } from '../messaging/index.js';
import type { Settings } from './settings/index.js';

export interface OpenCoordinationParts {
  readonly settings: Settings;
  readonly stores: CoordinationRegistry;
  readonly transports: TransportRegistry;
  readonly broker: () => Promise<Transport>;
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * Where locks and turns are kept: where `COORDINATION_URL` says (PostgreSQL, Redis, or `memory`); else at the broker, where it
 * can (Redis); else in the database of results (PostgreSQL); else in this process, which is said.
 */
export async function openCoordination(parts: OpenCoordinationParts): Promise<Coordination> {
  const { settings, stores, transports, broker, logger, clock } = parts;
  const given = settings.COORDINATION_URL;
  if (typeof given === 'string') return named(given);
  if (settings.task_always_eager) return new MemoryCoordination(clock);
  const { coordination } = await broker();
  if (coordination !== undefined) return coordination;
  const results = settings.result_backend ?? settings.database_url;
  const open = results === null ? undefined : stores.get(schemeOf(results));
  if (results !== null && open !== undefined) return (await open())({ url: results, logger, clock });
  logger.warn(
    {},
    'unique tasks and fleet rate limits hold within this process only: set COORDINATION_URL to a PostgreSQL or Redis',
  );
  return new MemoryCoordination(clock);

  async function named(url: string): Promise<Coordination> {
    if (/^memory\b/.test(url)) return new MemoryCoordination(clock);
    const scheme = schemeOf(url);
    const store = stores.get(scheme);
    if (store !== undefined) return (await store())({ url, logger, clock });
    const make = await transports.get(scheme)?.();
    const transport = await make?.({ url, options: settings.broker_transport_options, logger, clock });
    if (transport?.coordination !== undefined) {
      const { coordination } = transport;
      return {
        place: coordination.place,
        acquire: (...asked) => coordination.acquire(...asked),
        release: (...asked) => coordination.release(...asked),
        turn: (...asked) => coordination.turn(...asked),
        close: () => transport.close(),
      };
    }
    await transport?.close();
    throw new ToolboxError(
      'CONFIG_INVALID',
      `COORDINATION_URL ${maskUrl(url)}: expected memory, or the URL of a PostgreSQL or Redis`,
      { fields: { setting: 'COORDINATION_URL' } },
    );
  }
}

/** `db+postgresql+psycopg2://` counts as `db+postgresql`. */
const schemeOf = (url: string): string => /^((?:db\+)?\w+)/.exec(url)?.[1] ?? '';
