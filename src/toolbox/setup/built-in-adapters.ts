import type { BusFactory, BusRegistry } from '../../bus/index.js';
import type { CoordinationFactory, CoordinationRegistry } from '../../coordination/index.js';
import type { TransportFactory, TransportRegistry } from '../../messaging/index.js';
import type {
  ResultBackendFactory,
  ResultBackendLoader,
  ResultBackendRegistry,
} from '../../results/index.js';

const sqs = async (): Promise<TransportFactory> =>
  (await import('../../transports/sqs/index.js')).createSqsTransport;
const amqp = async (): Promise<TransportFactory> =>
  (await import('../../transports/amqp/index.js')).createAmqpTransport;
const redis = async (): Promise<TransportFactory> =>
  (await import('../../transports/redis/index.js')).createRedisTransport;
const postgres = async (): Promise<ResultBackendFactory> =>
  (await import('../../results/postgres/index.js')).createPostgresResultBackend;

const redisResults: ResultBackendLoader = Object.assign(
  async () => (await import('../../results/redis/index.js')).createRedisResultBackend,
  { chords: 'counted' as const },
);

const rpc: ResultBackendLoader = Object.assign(
  async () => (await import('../../results/rpc/index.js')).createRpcResultBackend,
  { chords: 'impossible' as const, replies: true },
);

/** Broker URL schemes to transports, each loaded when an app first uses it. One registry an app: memory brokers are not shared. */
export function builtInTransports(): TransportRegistry {
  let memory: Promise<TransportFactory> | undefined;
  return new Map([
    ['sqs', sqs],
    ['amqp', amqp],
    ['amqps', amqp],
    ['pyamqp', amqp],
    ['redis', redis],
    ['rediss', redis],
    ['sentinel', redis],
    ['rediscluster', redis],
    ['redis+socket', redis],
    ['unix', redis],
    [
      'memory',
      Object.assign(
        () =>
          (memory ??= import('../../transports/memory/index.js').then(({ memoryTransports }) =>
            memoryTransports(),
          )),
        { inProcess: true },
      ),
    ],
  ]);
}

/** Result URL schemes to backends, each loaded when an app first uses it. */
export function builtInBackends(): ResultBackendRegistry {
  let memory: Promise<ResultBackendFactory> | undefined;
  return new Map<string, ResultBackendLoader>([
    ['db+postgresql', postgres],
    ['db+postgres', postgres],
    ['postgresql', postgres],
    ['postgres', postgres],
    ['rpc', rpc],
    ['redis', redisResults],
    ['rediss', redisResults],
    ['sentinel', redisResults],
    ['rediscluster', redisResults],
    ['redis+socket', redisResults],
    ['unix', redisResults],
    [
      'cache+memory',
      Object.assign(
        () =>
          (memory ??= import('../../results/memory/index.js').then(
            (module) => module.createMemoryResultBackend,
          )),
        { inProcess: true },
      ),
    ],
  ]);
}

const postgresCoordination = async (): Promise<CoordinationFactory> =>
  (await import('../../coordination/postgres/index.js')).createPostgresCoordination;

/** URL schemes of databases that keep locks and turns. */
export const builtInCoordinations = (): CoordinationRegistry =>
  new Map([
    ['db+postgresql', postgresCoordination],
    ['db+postgres', postgresCoordination],
    ['postgresql', postgresCoordination],
    ['postgres', postgresCoordination],
  ]);

const postgresBus = async (): Promise<BusFactory> =>
  (await import('../../bus/postgres/index.js')).createPostgresBus;

/** URL schemes of databases that carry remote control and events. */
export const builtInBuses = (): BusRegistry =>
  new Map([
    ['db+postgresql', postgresBus],
    ['db+postgres', postgresBus],
    ['postgresql', postgresBus],
    ['postgres', postgresBus],
  ]);
