export { type AuditPage, type AuditQuery, auditPage, auditQuery, listAudit } from './list-audit.js';
