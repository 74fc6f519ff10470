import {
  BROKER,
  createDial,
  type Dial,
  loadDriver,
  type RedisAddress,
  RedisConnection,
} from '../../redis/index.js';
import type { RedisOptions } from './redis-options.js';
import { SCRIPTS, type ScriptedRedis } from './scripts.js';

/** A connection whose client knows our scripts. */
export type BrokerConnection = RedisConnection<ScriptedRedis>;

export type BrokerDial = Dial<ScriptedRedis>;

/** Rejects with DRIVER_MISSING. */
export const brokerDial = async (address: RedisAddress, options: RedisOptions): Promise<BrokerDial> =>
  createDial(await loadDriver(), { address, options, purpose: BROKER, scripts: SCRIPTS });

/** A connection to the broker. */
export const brokerConnection = (
  parts: Omit<ConstructorParameters<typeof RedisConnection<ScriptedRedis>>[0], 'purpose'>,
): BrokerConnection => new RedisConnection({ ...parts, purpose: BROKER });
