import type { App } from '../../../app/index.js';
import { messageOf, ToolboxError } from '../../../base/index.js';
import type { AppSource } from '../protocol.js';

/** An app as a child uses it, and what there is to do when the child ends. */
export interface OpenedApp {
  readonly app: App;
  close?(): Promise<void>;
}

/**
 * Loads the module and takes the app it exports: as `app`, `celery`, the default export, or any export that is one; or
 * what its `openApp(data)` resolves with.
 *
 * @throws APP_NOT_FOUND when the module cannot be loaded or exports no app.
 */
export async function openApp({ module, data }: AppSource): Promise<OpenedApp> {
  const exports = await importModule(module);
  if (typeof exports.openApp === 'function')
    return (exports.openApp as (data: unknown) => Promise<OpenedApp>)(data);
  const app = ['app', 'celery', 'default', ...Object.keys(exports)].map((key) => exports[key]).find(isApp);
  if (app !== undefined) return { app };
  throw new ToolboxError(
    'APP_NOT_FOUND',
    `appModule ${module} does not export an app; export it: export const app = new Celery(...)`,
    { fields: { module } },
  );
}

async function importModule(module: string): Promise<Record<string, unknown>> {
  try {
    return (await import(module)) as Record<string, unknown>;
  } catch (cause) {
    throw new ToolboxError('APP_NOT_FOUND', `appModule ${module} cannot be loaded: ${messageOf(cause)}`, {
      cause,
      fields: { module },
    });
  }
}

const isApp = (value: unknown): value is App =>
  typeof value === 'object' &&
  value !== null &&
  'configFromObject' in value &&
  'send' in value &&
  'tasks' in value;
