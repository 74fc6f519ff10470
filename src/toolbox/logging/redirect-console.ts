import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { type App, currentTask } from '../../app/index.js';
import type { LogLevel } from './logger.js';

const METHODS = {
  debug: 'debug',
  info: 'info',
  warning: 'warn',
  error: 'error',
  critical: 'fatal',
} as const satisfies Readonly<Record<LogLevel, string>>;

/**
 * Sends what is written with `console` to the log, as Celery does with standard output and error: inside a task to its
 * own logger, so that the line says which. Level and consent are the settings `worker_redirect_stdouts_level` and
 * `worker_redirect_stdouts`. Returns what puts the console back.
 */
export function redirectConsole(app: App): () => void {
  const { worker_redirect_stdouts: wanted, worker_redirect_stdouts_level: name } = app.conf;
  if (!wanted) return () => {};
  const method = METHODS[name.toLowerCase() as LogLevel] ?? 'warn';
  const log = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      const line = text.replace(/\n$/, '');
      if (line !== '') (currentTask()?.logger ?? app.logger)[method]({}, line);
      done();
    },
  });
  const before = globalThis.console;
  globalThis.console = new Console({ stdout: log, stderr: log, colorMode: false });
  return () => {
    globalThis.console = before;
  };
}
