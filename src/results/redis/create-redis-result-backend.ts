import { createDial, loadDriver, RESULTS, RedisConnection, refuseContradictions } from '../../redis/index.js';
import { payloadFormat } from '../payload-format.js';
import type { ResultBackendFactory } from '../result-backend.js';
import { retryPolicy } from '../retry-policy.js';
import { ChordParts } from './chord-parts.js';
import { RedisResultBackend } from './redis-result-backend.js';
import { resultAddress } from './result-address.js';
import { ResultKeys } from './result-keys.js';
import { ResultListener } from './result-listener.js';
import { redisResultOptions } from './result-options.js';
import { ResultWriter } from './result-writer.js';
import { type ResultsRedis, SCRIPTS } from './scripts.js';

/**
 * Celery's Redis backend: the addresses of the Redis transport (`redis://`, `rediss://`, `sentinel://`, sockets, clusters).
 * Options in `result_backend_transport_options`: `global_keyprefix`, `result_chord_ordered`, `master_name`,
 * `sentinel_kwargs` as Celery has them, `store_retry_seconds` and those of every connection to Redis.
 *
 * @throws ToolboxError CONFIG_INVALID, DRIVER_MISSING
 */
export const createRedisResultBackend: ResultBackendFactory = async (context) => {
  const { clock, logger } = context;
  const address = resultAddress(context.url, context.options);
  const options = redisResultOptions(context.options, address.query, logger);
  refuseContradictions(address, options, RESULTS);
  const format = await payloadFormat(context.options, context.serializers);
  const dial = createDial<ResultsRedis>(await loadDriver(), {
    address,
    options,
    purpose: RESULTS,
    scripts: SCRIPTS,
  });
  const url = address.shown;
  const keys = new ResultKeys(options.global_keyprefix);
  const shared = { dial, url, clock, purpose: RESULTS };
  const { budgetMs: patienceMs, ...policy } = retryPolicy(context.options);
  const connection = new RedisConnection({ ...shared, ...policy, name: 'results', patienceMs });
  const aliveMs = options.health_check_interval * 1000;
  return new RedisResultBackend({
    url,
    connection,
    keys,
    options,
    format,
    writer: new ResultWriter({ connection, keys, options, format, url, clock, logger }),
    listener: new ResultListener({ dial, keys, url, clock, logger, aliveMs }),
    chords: new ChordParts({ connection, keys, options, format, clock }),
  });
};
