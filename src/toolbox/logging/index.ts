export { type Logging, type LoggingOptions, type LogLevel, type LogLines, setupLogging } from './logger.js';
export { redirectConsole } from './redirect-console.js';
