export { LeaseGuard } from './lease-guard.js';
export { type CreateRenewals, moduleBeside, type Renewals, type RenewalsSource } from './renewals.js';
