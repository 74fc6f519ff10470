import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, ToolboxError } from '../base/index.js';
import { Celery } from '../toolbox/index.js';

const EXTENSIONS = ['', '.ts', '.js', '.mts', '.mjs', '/app.ts', '/app.js', '/index.ts', '/index.js'];

/**
 * Loads the app a module exports: as `app`, `celery`, the default export, or any export that is an app. `app.ts:name` names
 * the export. TypeScript is read as it is.
 *
 * @throws APP_NOT_FOUND when the module does not exist, cannot be loaded or exports no app.
 */
export async function loadApp(given: string | undefined): Promise<Celery> {
  if (given === undefined) throw notFound('no app is named', 'give the module that exports it: -A app.ts');
  const [, module = given, name] = /^(.*?)(?::([A-Za-z_$][\w$]*))?$/.exec(given) ?? [];
  const file = EXTENSIONS.map((extension) => resolve(`${module}${extension}`)).find(
    (path) => extname(path) !== '' && existsSync(path),
  );
  if (file === undefined)
    throw notFound(
      `-A ${given}: there is no file ${module}`,
      'give the path of the module that exports the app',
    );
  const exports = await importModule(file, given);
  const candidates = name === undefined ? ['app', 'celery', 'default', ...Object.keys(exports)] : [name];
  const app = candidates.map((key) => exports[key]).find(isApp);
  if (app instanceof Celery) return app;
  if (app !== undefined) {
    const remedy = 'run the command line of that copy: npx workertoolbox, in the folder of the app';
    throw notFound(`-A ${given}: the app was made by another copy of cadasta-workertoolbox`, remedy);
  }
  const wanted = name === undefined ? 'an app' : `an app named ${name}`;
  throw notFound(
    `-A ${given}: the module does not export ${wanted}`,
    'export it: export const app = new Celery(...)',
  );
}

async function importModule(file: string, given: string): Promise<Record<string, unknown>> {
  if (/\.[mc]?ts$/.test(file)) await readTypeScript();
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (cause) {
    if (cause instanceof ToolboxError) throw cause;
    throw new ToolboxError('APP_NOT_FOUND', `-A ${given}: the module cannot be loaded: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** Node reads TypeScript by itself from 22.18 on; before, tsx does. One loader for all modules, so that none is loaded twice. */
async function readTypeScript(): Promise<void> {
  if ('typescript' in process.features && process.features.typescript) return;
  try {
    // The paths of a tsconfig would give the app another copy of this package than the command line's own.
    (await import('tsx/esm/api')).register({ tsconfig: false });
  } catch (cause) {
    throw new ToolboxError(
      'DRIVER_MISSING',
      'this Node cannot read TypeScript by itself: run `npm install tsx`, or compile the app',
      {
        cause,
      },
    );
  }
}

/** Looks like an app, of whichever copy of this package. */
const isApp = (value: unknown): value is Celery =>
  typeof value === 'object' &&
  value !== null &&
  'configFromObject' in value &&
  'send' in value &&
  'tasks' in value;

const notFound = (what: string, remedy: string): ToolboxError =>
  new ToolboxError('APP_NOT_FOUND', `${what}; ${remedy}`);
