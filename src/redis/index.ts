export { type ConnectionOptions, connectionShape, readOptions } from './connection-options.js';
export { createDial, type Dial, loadDriver } from './dial.js';
export { answersOf, RedisConnection } from './redis-connection.js';
export { BROKER, RESULTS, type RedisPurpose } from './redis-purpose.js';
export { parseRedisUrl, type RedisAddress } from './redis-url.js';
export { refuseContradictions } from './refuse-contradictions.js';
