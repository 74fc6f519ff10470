export { grantPlatformSql } from './grants.js';
export { droppedFromQuarantine, QuarantineLimits } from './limits.js';
export { listQuarantine, type QuarantineQuery, quarantineQuery } from './list-quarantine.js';
export { type BatchQuarantine, MAX_KEPT_BODY, postgresQuarantine } from './postgres-quarantine.js';
export { showQuarantine } from './show-quarantine.js';
export { QUARANTINE_TABLES_SQL } from './tables.js';
export { moveToOutbox, type QuarantinedRow, readQuarantined } from './take.js';
