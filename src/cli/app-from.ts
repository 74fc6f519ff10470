import type { SettingsInput } from '../app/index.js';
import { type Celery, type Logging, setupLogging } from '../toolbox/index.js';
import type { CliContext } from './context.js';
import { loadApp } from './load-app.js';
import type { GlobalOptions } from './options/global-options.js';
import type { LogOptions } from './options/log-options.js';

/** The app named by `-A`, with what the command line says about broker and result backend, and `more` settings. */
export async function appFrom(options: GlobalOptions, more: SettingsInput = {}): Promise<Celery> {
  const app = await loadApp(options.app);
  const overrides = {
    ...more,
    ...(options.broker !== undefined && { broker_url: options.broker }),
    ...(options.resultBackend !== undefined && { result_backend: options.resultBackend }),
  };
  return Object.keys(overrides).length === 0 ? app : app.configFromObject(overrides);
}

export function startLogging(
  name: string,
  { loglevel, logDir, json }: LogOptions,
  { err }: CliContext,
): Logging {
  return setupLogging({
    name,
    level: loglevel,
    format: json ? 'json' : 'text',
    console: err,
    ...(logDir !== undefined && { directory: logDir }),
  });
}
