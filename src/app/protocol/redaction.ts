import { isSecretKey, MASK, redact } from '../../base/index.js';
import { argsRepr, kwargsRepr } from '../../serialization/index.js';
import type { TaskCall } from '../call-options.js';
import type { TaskOptions } from '../task-definition.js';
import type { TaskMessage } from '../task-message.js';

/** Arguments that are not shown: positions, and names of keywords. Travels as the header `redact`. */
export type Redaction = readonly (number | string)[];

/** Shown in the place of arguments that travel encrypted. */
const ENCRYPTED = '<encrypted>';

/** Options of a task by its name; undefined for one that is not registered here. */
export type OptionsOf = (task: string) => TaskOptions | undefined;

/**
 * What a call hides: the arguments that its task names in `redact`, and positions whose names sound secret. A workflow's
 * own task hides all of its arguments when a task in them hides any.
 */
function redactionOf({ task, args, kwargs }: TaskCall, optionsOf: OptionsOf): Redaction {
  if (task.startsWith('celery.') && holdsHidden([args, kwargs], optionsOf))
    return [...args.keys(), ...Object.keys(kwargs)];
  const options = optionsOf(task);
  return [...hiddenPositions(args, options), ...(options?.redact ?? [])];
}

function hiddenPositions(args: readonly unknown[], options: TaskOptions | undefined): number[] {
  const { redact: names = [], argNames = [] } = options ?? {};
  const isHidden = (name: string | undefined): boolean =>
    // Without names nobody can tell which argument is the secret one: all are hidden then.
    name === undefined ? names.length > 0 : names.includes(name) || isSecretKey(name);
  return [...args.keys()].filter((at) => isHidden(argNames[at]));
}

/** True when a signature somewhere in the value hides something. */
function holdsHidden(value: unknown, optionsOf: OptionsOf): boolean {
  if (value === null || typeof value !== 'object') return false;
  const { task, args, kwargs } = value as Partial<TaskCall>;
  if (typeof task === 'string' && Array.isArray(args)) {
    const call = { task, args, kwargs: kwargs ?? {}, options: {} };
    if ((optionsOf(task)?.redact?.length ?? 0) > 0 || redactionOf(call, optionsOf).length > 0) return true;
  }
  return Object.values(value).some((item) => holdsHidden(item, optionsOf));
}

export interface ArgumentHeadersOptions {
  readonly optionsOf: OptionsOf;
  /** `task_repr_maxlevels`. */
  readonly maxLevels: number;
  readonly encrypted: boolean;
}

/** The headers that tell logs and monitors of the arguments (protocol 1.4). */
export function argumentHeaders(
  call: TaskCall,
  { optionsOf, maxLevels, encrypted }: ArgumentHeadersOptions,
): Readonly<Record<string, unknown>> {
  const { args, kwargs, options } = call;
  const redaction = redactionOf(call, optionsOf);
  const shown = { maxLevels, mask: redaction.filter((one) => typeof one === 'string') };
  const masked = args.map((arg, at) => (redaction.includes(at) ? MASK : arg));
  return {
    argsrepr: options.argsrepr ?? (encrypted ? ENCRYPTED : argsRepr(masked, shown)),
    kwargsrepr: options.kwargsrepr ?? (encrypted ? ENCRYPTED : kwargsRepr(kwargs, shown)),
    ...(redaction.length > 0 && { redact: redaction }),
  };
}

/** The header `redact` of a message; what is no such list hides nothing more. */
export const readRedaction = (header: unknown): Redaction =>
  Array.isArray(header) ? header.filter((one) => typeof one === 'string' || typeof one === 'number') : [];

/**
 * A message's arguments as they may be kept and shown outside of its task: those of its redaction masked, and values of
 * secret names at any depth. Nothing at all of a message that came encrypted.
 */
export function shownArguments({
  args,
  kwargs,
  redaction,
  encrypted,
}: Pick<TaskMessage, 'args' | 'kwargs' | 'redaction' | 'encrypted'>): {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
} {
  if (encrypted === true) return { args: [ENCRYPTED], kwargs: {} };
  const hidden = redaction ?? [];
  return {
    args: args.map((arg, at) => (hidden.includes(at) ? MASK : redact(arg))),
    kwargs: Object.fromEntries(
      Object.entries(kwargs).map(([name, value]) => [
        name,
        hidden.includes(name) ? MASK : redact(value, name),
      ]),
    ),
  };
}
