export { type FormatOptions, formatRecord } from './format.js';
export { LOG_LEVELS, type Logging, type LoggingOptions, type LogLevel, setupLogging } from './logger.js';
