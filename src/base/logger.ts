/** The part of pino's interface we use: any logger of that shape can be handed in. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  fatal(fields: object, message: string): void;
  child(bindings: object): Logger;
}

/** The field `logger` of what tasks themselves log, by which it is told from what is logged about them; Python's has this name. */
export const TASK_LOGGER = 'celery.task';

/** Says nothing. The default: a library does not write on the console. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  fatal: () => {},
  child: () => silentLogger,
};
