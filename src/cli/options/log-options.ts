import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LogLevel } from '../../toolbox/index.js';

export interface LogOptions {
  readonly loglevel: LogLevel;
  readonly logDir?: string;
  readonly json?: boolean;
}

/** Celery's names, and how its users also write them. */
const LEVELS: Readonly<Record<string, LogLevel>> = {
  debug: 'debug',
  info: 'info',
  warning: 'warning',
  warn: 'warning',
  error: 'error',
  critical: 'critical',
  fatal: 'critical',
};

export const addLogOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('-l, --loglevel <level>', 'least level logged: debug, info, warning, error, critical')
        .default('info')
        .argParser(level),
    )
    .option('--log-dir <folder>', 'also write app.info.log and app.error.log here, with rotation')
    .option('--json', 'log in JSON, one record a line');

function level(text: string): LogLevel {
  const known = LEVELS[text.toLowerCase()];
  if (known !== undefined) return known;
  throw new InvalidArgumentError('Expected debug, info, warning, error or critical.');
}
