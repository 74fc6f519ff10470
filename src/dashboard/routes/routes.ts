import { streamRoutes } from '../live/stream-route.js';
import { actionRoutes } from './action-routes.js';
import { overviewRoutes } from './overview-routes.js';
import { quarantineRoutes } from './quarantine-routes.js';
import { queueRoutes } from './queue-routes.js';
import { sessionRoutes } from './session-routes.js';
import { systemRoutes } from './system-routes.js';
import { taskRoutes } from './task-routes.js';
import { userRoutes } from './user-routes.js';

/** The whole API. Where two paths fit, the one that stands first serves. */
export const ROUTES = [
  ...sessionRoutes,
  ...overviewRoutes,
  ...taskRoutes,
  ...queueRoutes,
  ...quarantineRoutes,
  ...actionRoutes,
  ...systemRoutes,
  ...userRoutes,
  ...streamRoutes,
] as const;
