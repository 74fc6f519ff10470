import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ToolboxError } from '../../base/index.js';
import type { AppSource } from './protocol.js';

/** The module that exports the app, by path or URL; or one that exports `openApp`, with what that is given. */
export type AppModule = string | URL | { readonly module: string | URL; readonly data: unknown };

/** Where the children of that pool find the app. Throws CONFIG_INVALID when nobody has said. */
export function appSource(pool: 'threads' | 'prefork', given: AppModule | undefined): AppSource {
  if (given === undefined) {
    throw new ToolboxError(
      'CONFIG_INVALID',
      `pool ${pool}: each ${pool === 'threads' ? 'thread' : 'process'} loads the app by itself; say from where: createWorker(app, { pool: '${pool}', appModule: new URL('./app.js', import.meta.url) })`,
      { fields: { option: 'appModule', pool } },
    );
  }
  if (typeof given === 'string' || given instanceof URL) return { module: urlOf(given) };
  return { module: urlOf(given.module), data: given.data };
}

const urlOf = (module: string | URL): string =>
  module instanceof URL || /^[a-z]{2,}:/i.test(module) ? String(module) : pathToFileURL(resolve(module)).href;
