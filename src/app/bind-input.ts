import type { StandardSchemaV1 } from '@standard-schema/spec';
import { bindArguments, mistake, tooMany } from './bind-arguments.js';

type Kwargs = Readonly<Record<string, unknown>>;

/** The order of a schema's keys: `argNames`, else what zod (`shape`) or valibot (`entries`) tell. Undefined when neither does. */
export function keysOf(
  schema: StandardSchemaV1,
  argNames?: readonly string[],
): readonly string[] | undefined {
  if (argNames !== undefined) return argNames.map((name) => name.replace(/\?$/, ''));
  const { shape, entries } = schema as { shape?: unknown; entries?: unknown };
  const keys = shape ?? entries;
  return typeof keys === 'object' && keys !== null ? Object.keys(keys) : undefined;
}

/**
 * Makes the one validated object of a task with a schema from what the message brings: keywords, or positions in the
 * order of the keys. A single object that does not fit the first position is taken as the whole input: so one task's
 * object is the next one's input in a chain.
 *
 * @throws ToolboxError TASK_ARGUMENTS naming each field that is wrong.
 */
export async function bindInput(
  task: string,
  schema: StandardSchemaV1,
  keys: readonly string[] | undefined,
  args: readonly unknown[],
  kwargs: Kwargs,
): Promise<unknown> {
  const whole = args.length === 1 && isPlainObject(args[0]) ? { ...args[0], ...kwargs } : undefined;
  if (keys === undefined) {
    if (args.length > 0 && whole === undefined) throw mistake(task, tooMany(0, 0, args.length));
    return accepted(task, await schema['~standard'].validate(whole ?? kwargs));
  }
  if (args.length > keys.length) throw mistake(task, tooMany(keys.length, 0, args.length));
  const result = await schema['~standard'].validate(byName(task, keys, args, kwargs));
  if (result.issues !== undefined && whole !== undefined) {
    const second = await schema['~standard'].validate(whole);
    if (second.issues === undefined) return second.value;
  }
  return accepted(task, result);
}

function byName(task: string, keys: readonly string[], args: readonly unknown[], kwargs: Kwargs): Kwargs {
  const positional = keys.slice(0, args.length);
  // Names the schema does not know stay in: whether they are allowed is the schema's to say.
  const known = Object.fromEntries(Object.entries(kwargs).filter(([name]) => positional.includes(name)));
  bindArguments(task, { names: keys, required: 0, rest: false }, args, known);
  return { ...Object.fromEntries(positional.map((name, at) => [name, args[at]])), ...kwargs };
}

function accepted(task: string, result: StandardSchemaV1.Result<unknown>): unknown {
  if (result.issues === undefined) return result.value;
  const lines = result.issues.map(({ path, message }) => `${pathText(path)}${message}`);
  throw mistake(task, `got arguments that do not fit: ${lines.join('; ')}`);
}

function pathText(path: StandardSchemaV1.Issue['path']): string {
  if (path === undefined || path.length === 0) return '';
  return `${path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')}: `;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object') return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
