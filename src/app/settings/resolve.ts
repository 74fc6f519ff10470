import { inspect } from 'node:util';
import { nearestName, redact, ToolboxError } from '../../base/index.js';
import { catalogue, isSettingName, type SettingName, type Settings } from './catalogue.js';
import { CARRIED_FAMILIES } from './general.js';

export interface ResolveOptions {
  /** Where the settings come from, for messages: a file, `Config`, ... Default `settings`. */
  readonly origin?: string;
}

/** One thing wrong with the settings. The value is masked when its name is that of a secret. */
export interface SettingProblem {
  readonly key: string;
  readonly expectation: string;
  readonly value: string;
  readonly remedy: string;
}

/**
 * Fills in every default and checks every value. Names entirely in upper case are internal variables and kept as they
 * are; `undefined` counts as not given.
 *
 * @throws ToolboxError CONFIG_INVALID with all problems at once, in its message and as `fields.problems`.
 */
export function resolveSettings(
  input: Readonly<Record<string, unknown>>,
  { origin = 'settings' }: ResolveOptions = {},
): Settings {
  const problems: SettingProblem[] = [];
  const values: Record<string, unknown> = defaults();
  for (const [key, value] of Object.entries(input)) {
    if (value === undefined) continue;
    if (isSettingName(key)) {
      const checked = catalogue[key].schema.safeParse(value);
      if (checked.success) values[key] = checked.data;
      else problems.push(wrongValue(key, value));
    } else if (isInternal(key) || CARRIED_FAMILIES.some((prefix) => key.startsWith(prefix))) {
      values[key] = value;
    } else problems.push(unknownName(key, value));
  }
  if (problems.length > 0) throw invalid(origin, problems);
  return Object.freeze(values) as Settings;
}

const isInternal = (key: string): boolean => key === key.toUpperCase();

const defaults = (): Record<string, unknown> =>
  Object.fromEntries(Object.entries(catalogue).map(([key, { default: value }]) => [key, value]));

function wrongValue(key: SettingName, value: unknown): SettingProblem {
  const { expects, default: fallback } = catalogue[key];
  return {
    key,
    expectation: expects,
    value: shown(key, value),
    remedy: `give ${expects}, or leave it out for the default ${shown(key, fallback)}`,
  };
}

function unknownName(key: string, value: unknown): SettingProblem {
  const near = nearestName(key.toLowerCase(), Object.keys(catalogue));
  return {
    key,
    expectation: 'the name of a setting',
    value: shown(key, value),
    remedy:
      near === undefined
        ? 'remove it, or write it in capitals if it is a variable of your own'
        : `did you mean ${near}?`,
  };
}

const shown = (key: string, value: unknown): string =>
  inspect(redact(value, key), { depth: 2, breakLength: Infinity });

function invalid(origin: string, problems: readonly SettingProblem[]): ToolboxError {
  const lines = problems.map(
    ({ key, expectation, value, remedy }) => `${key}: expected ${expectation}, got ${value}; ${remedy}`,
  );
  const all =
    lines.length === 1
      ? lines[0]
      : [`${lines.length} invalid`, ...lines.map((line) => `  ${line}`)].join('\n');
  return new ToolboxError('CONFIG_INVALID', `${origin}: ${all}`, { fields: { origin, problems } });
}
