import { type Command, Option } from 'commander';
import { type Celery, LOG_LEVELS, type Logging, type LogLevel, setupLogging } from '../toolbox/index.js';
import type { CliContext } from './context.js';
import { loadApp } from './load-app.js';

/** Options every command takes, before or after its name. */
export interface GlobalOptions {
  readonly app?: string;
  readonly broker?: string;
  readonly resultBackend?: string;
}

export function addGlobalOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-A, --app <module>', 'module that exports the app: app.ts, or app.ts:name').env(
        'WORKERTOOLBOX_APP',
      ),
    )
    .addOption(
      new Option('-b, --broker <url>', 'use this broker instead of the configured one').env(
        'WORKERTOOLBOX_BROKER',
      ),
    )
    .addOption(
      new Option('--result-backend <url>', 'use this result backend instead of the configured one').env(
        'WORKERTOOLBOX_RESULT_BACKEND',
      ),
    );
}

/** The app named by `-A`, with what the command line says about broker and result backend. */
export async function appFrom(options: GlobalOptions): Promise<Celery> {
  const app = await loadApp(options.app);
  const overrides = {
    ...(options.broker !== undefined && { broker_url: options.broker }),
    ...(options.resultBackend !== undefined && { result_backend: options.resultBackend }),
  };
  return Object.keys(overrides).length === 0 ? app : app.configFromObject(overrides);
}

export interface LogOptions {
  readonly loglevel: string;
  readonly logDir?: string;
  readonly json?: boolean;
}

export const addLogOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('-l, --loglevel <level>', 'least level that is logged')
        .choices(LOG_LEVELS)
        .default('info')
        .argParser(readLevel),
    )
    .option('--log-dir <folder>', 'also write app.info.log and app.error.log here, with rotation')
    .option('--json', 'log in JSON, one record a line');

/** Celery's users write INFO and WARN as well. */
function readLevel(text: string): LogLevel {
  const level = text
    .toLowerCase()
    .replace(/^warn$/, 'warning')
    .replace(/^fatal$/, 'critical');
  return LOG_LEVELS.find((known) => known === level) ?? 'info';
}

export function startLogging(name: string, options: LogOptions, { err }: CliContext): Logging {
  return setupLogging({
    name,
    level: options.loglevel as LogLevel,
    format: options.json ? 'json' : 'text',
    console: err,
    ...(options.logDir !== undefined && { directory: options.logDir }),
  });
}

/** `--database`, which `up` hands to the programs it starts by the environment: an argument is seen by everybody. */
export const databaseOption = (description: string): Option =>
  new Option('--database <url>', description).env('WORKERTOOLBOX_DATABASE');
