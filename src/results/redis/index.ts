export { createRedisResultBackend } from './create-redis-result-backend.js';
