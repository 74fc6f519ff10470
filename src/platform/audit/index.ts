export { type AuditPage, type AuditQuery, auditPage, auditQuery, listAudit } from './list-audit.js';
export { AUDIT_TABLES_SQL } from './tables.js';
