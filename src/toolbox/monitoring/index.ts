export { type MonitoringOptions, workerMonitoring } from './monitoring-server.js';
