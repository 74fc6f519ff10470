export { type Logging, type LoggingOptions, type LogLevel, setupLogging } from './logger.js';
