export { builtInBackends, builtInTransports } from './built-in-adapters.js';
export { Celery, type CeleryOptions } from './celery.js';
export { type SettableApp, type SetupOptions, setupApp } from './setup-app.js';
