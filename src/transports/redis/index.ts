export { createRedisTransport } from './create-redis-transport.js';
