export { type CreateMonitorOptions, createMonitor } from './create-monitor.js';
export { describeQueue, listQueues } from './list-queues.js';
export { listSchedules } from './list-schedules.js';
export { listWorkers } from './list-workers.js';
export type { Monitor } from './monitor.js';
export { overview } from './overview.js';
export { axisOf, throughputSeries, timeSeries } from './series.js';
export { MONITORING_TABLES_SQL } from './tables.js';
