import { ToolboxError } from '../../../base/index.js';
import { failureFrom } from '../../../results/index.js';
import { type Marked, marked } from './marks.js';

interface Members {
  members(value: object): Record<string, unknown>;
  pack(value: unknown): unknown;
}

/** An error as it crosses. */
export interface PackedError {
  readonly message: string;
  readonly stack: string | undefined;
  /** What it is in Python. */
  readonly type: string;
  readonly module: string | undefined;
  readonly args: unknown;
  /** Own enumerable members: `code`, `status`, what its class adds. */
  readonly members: Record<string, unknown>;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

export function packError(error: Error, packer: Members): Marked {
  const failure = failureFrom(error);
  const packed: PackedError = {
    message: error.message,
    stack: error.stack,
    type: failure.exc_type,
    module: failure.exc_module,
    args: packer.pack(failure.exc_message),
    members: packer.members(error),
    ...(error.cause !== undefined && { cause: packer.pack(error.cause) }),
    ...(error instanceof AggregateError && { errors: packer.pack(error.errors) }),
  };
  return marked('error', packed, error instanceof ToolboxError ? 'ToolboxError' : error.name);
}
