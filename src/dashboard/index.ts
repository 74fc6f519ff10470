export { type Account, type AccountStore } from './auth/account-store.js';
export { newApiToken } from './auth/api-token.js';
export { fileAccounts } from './auth/file-accounts.js';
export type { HostSignIn, SignedIn } from './auth/gate.js';
export { hashPassword } from './auth/password.js';
export { postgresAccounts } from './auth/postgres-accounts.js';
export type { ProxySignIn } from './auth/proxy-sign-in.js';
export {
  createDashboardClient,
  type DashboardClient,
  type DashboardClientOptions,
} from './client/create-dashboard-client.js';
export { createDashboard, type Dashboard } from './create-dashboard.js';
export { DashboardServer, type DashboardServerOptions } from './dashboard-server.js';
export type { Problem, ProblemCode } from './http/problem.js';
export { openApi } from './openapi/open-api.js';
export type { DashboardOptions } from './options.js';
