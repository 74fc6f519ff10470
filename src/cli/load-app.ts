import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, ToolboxError } from '../base/index.js';
import { Celery } from '../toolbox/index.js';
import { readTypeScript } from './read-typescript.js';

const ENDINGS = ['', '.ts', '.js', '.mts', '.mjs', '.cjs', '/app.ts', '/app.js', '/index.ts', '/index.js'];

/**
 * Loads the app a module exports: as `app`, `celery`, the default export, or any export that is an app. `app.ts:name` names
 * the export. TypeScript is read as it is.
 *
 * @throws APP_NOT_FOUND when the module does not exist, cannot be loaded or exports no app.
 */
export async function loadApp(given: string | undefined): Promise<Celery> {
  if (given === undefined) throw notFound('no app is named', 'give the module that exports it: -A app.ts');
  const [, module = given, name] = /^(.*?)(?::([A-Za-z_$][\w$]*))?$/.exec(given) ?? [];
  const file = fileOf(module);
  if (file === undefined) {
    throw notFound(
      `-A ${given}: there is no file ${module}`,
      'give the path of the module that exports the app',
    );
  }
  const exports = await importModule(file, `-A ${given}`);
  const candidates = name === undefined ? ['app', 'celery', 'default', ...Object.keys(exports)] : [name];
  const app = candidates.map((key) => exports[key]).find(isApp);
  if (app instanceof Celery) return app;
  if (app !== undefined) {
    throw notFound(
      `-A ${given}: the app was made by another copy of cadasta-workertoolbox`,
      'run the command line of that copy: npx workertoolbox, in the folder of the app',
    );
  }
  throw notFound(
    `-A ${given}: the module does not export ${name === undefined ? 'an app' : `an app named ${name}`}`,
    'export it: export const app = new Celery(...)',
  );
}

/**
 * Loads the modules of the settings `imports` and `include`, which define further tasks: files as `-A` takes them, else names
 * of packages.
 *
 * @throws APP_NOT_FOUND for one that cannot be loaded.
 */
export async function loadModules(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const file = fileOf(name);
    await importModule(file === undefined ? name : file, `the setting imports names ${name}`);
  }
}

const fileOf = (module: string): string | undefined =>
  ENDINGS.map((ending) => resolve(`${module}${ending}`)).find(isFile);

/** What a module exports; of a CommonJS module, what it put in `module.exports`. */
async function importModule(file: string, asked: string): Promise<Record<string, unknown>> {
  const remedy = /\.[mc]?ts$/.test(file) ? await readTypeScript() : undefined;
  try {
    const exports = (await import(isFile(file) ? pathToFileURL(file).href : file)) as Record<string, unknown>;
    const whole = exports.default;
    return { ...(typeof whole === 'object' && !isApp(whole) ? whole : {}), ...exports };
  } catch (cause) {
    if (cause instanceof ToolboxError) throw cause;
    throw notFound(
      `${asked}: the module cannot be loaded: ${messageOf(cause)}`,
      remedy ?? 'mend it, or name another',
      cause,
    );
  }
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/** Looks like an app, of whichever copy of this package. */
const isApp = (value: unknown): value is Celery =>
  typeof value === 'object' &&
  value !== null &&
  'configFromObject' in value &&
  'send' in value &&
  'tasks' in value;

const notFound = (what: string, remedy: string, cause?: unknown): ToolboxError =>
  new ToolboxError('APP_NOT_FOUND', `${what}; ${remedy}`, { cause });
