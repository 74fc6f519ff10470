import type { Logger } from '../../../base/index.js';
import { pack } from '../crossing/index.js';
import type { ChildPort, LogLevel } from '../protocol.js';

/** A logger whose records the worker writes. */
export function forwardLogger(port: ChildPort, bindings: object = {}): Logger {
  const at =
    (level: LogLevel) =>
    (fields: object, message: string): void =>
      port.send({ kind: 'log', level, data: pack({ ...bindings, ...fields }), message });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    child: (more) => forwardLogger(port, { ...bindings, ...more }),
  };
}
