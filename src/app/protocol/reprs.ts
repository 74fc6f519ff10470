import { argsRepr, kwargsRepr } from '../../serialization/index.js';
import type { TaskCall } from '../call-options.js';
import type { RegisteredTask } from '../task-definition.js';

/** The arguments as logs and monitors show them (protocol 1.4), those named by the task's `redact` masked. */
export function argumentReprs(
  { args, kwargs, options }: TaskCall,
  task: RegisteredTask | undefined,
  maxLevels: number,
): { readonly argsrepr: string; readonly kwargsrepr: string } {
  const { redact: mask = [], argNames: names } = task?.options ?? {};
  return {
    argsrepr: options.argsrepr ?? argsRepr(args, { maxLevels, mask, names }),
    kwargsrepr: options.kwargsrepr ?? kwargsRepr(kwargs, { maxLevels, mask }),
  };
}
