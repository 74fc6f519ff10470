export { Celery, type CeleryOptions } from './celery.js';
export { type SettableApp, type SetupOptions, setupApp } from './setup-app.js';
