export { Config, type ConfigInput } from './config.js';
export { DEFAULT_QUEUES } from './defaults.js';
