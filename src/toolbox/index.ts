export { CHECKS, type Check } from './checks.js';
export { Config, type ConfigInput, DEFAULT_QUEUES } from './config/index.js';
export type { Environment } from './env.js';
export { extractFollowups, type Followups } from './followups.js';
export { parseLiteral } from './literals.js';
export {
  type Logging,
  type LoggingOptions,
  type LogLevel,
  type LogLines,
  redirectConsole,
  setupLogging,
} from './logging/index.js';
export {
  type MonitoringOptions,
  PROMETHEUS_TYPE,
  PrometheusText,
  workerMonitoring,
} from './monitoring/index.js';
export { type Sentry, setupSentry } from './sentry.js';
export { Celery, type CeleryOptions, type SettableApp, type SetupOptions, setupApp } from './setup/index.js';
export { setupTracing, type TracingOptions } from './telemetry/index.js';
