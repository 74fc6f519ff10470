import { sessionRoutes } from './session-routes.js';
import { taskRoutes } from './task-routes.js';

/** The whole API. Order matters where paths overlap: the first that fits serves. */
export const ROUTES = [...sessionRoutes, ...taskRoutes] as const;
