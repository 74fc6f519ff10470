export { type MonitoringOptions, workerMonitoring } from './monitoring-server.js';
export { PROMETHEUS_TYPE, PrometheusText } from './prometheus.js';
