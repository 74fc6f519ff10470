import { messageOf } from '../../base/index.js';
import { failureFrom } from '../../results/index.js';
import { pythonRepr } from '../../serialization/index.js';
import { CommandError } from './command.js';

/** How a worker answers when a command throws: as Python prints the exception. */
export function errorRepr(error: unknown): string {
  const type = error instanceof CommandError ? error.excType : failureFrom(error).exc_type;
  return `${type}(${pythonRepr(messageOf(error))})`;
}
