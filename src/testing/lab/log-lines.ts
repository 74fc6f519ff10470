import type { Logger } from '../../base/index.js';

/** One line that was logged. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  readonly message: string;
  /** Bindings of the logger included: of a task's own logger `task` and `id`. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A logger that hands over each line it is told. */
export function keepingLogger(keep: (line: LogLine) => void, bindings: object = {}): Logger {
  const at =
    (level: LogLine['level']) =>
    (fields: object, message: string): void =>
      keep({ level, message, fields: { ...bindings, ...fields } });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    child: (further) => keepingLogger(keep, { ...bindings, ...further }),
  };
}
