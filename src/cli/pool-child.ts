import { redirectConsole, setupSentry } from '../toolbox/index.js';
import { appFrom } from './app-from.js';
import type { GlobalOptions } from './options/global-options.js';

// Loaded by each thread and process of a worker's pool, in place of the app's own module: TypeScript is read there too, and
// what the command line says about the app holds.

/** The app of `-A`. What it logs, the worker writes. */
export async function openApp(options: GlobalOptions) {
  const app = await appFrom(options);
  redirectConsole(app);
  const sentry = await setupSentry(app, process.env);
  return { app, close: async () => sentry?.close() };
}
