export { grantPlatformSql } from './grants.js';
export { droppedFromQuarantine } from './limits.js';
export { listQuarantine, type QuarantineQuery, quarantineQuery } from './list-quarantine.js';
export { type BatchQuarantine, postgresQuarantine } from './postgres-quarantine.js';
export { showQuarantine } from './show-quarantine.js';
export { moveToOutbox, type QuarantinedRow, readQuarantined } from './take.js';
