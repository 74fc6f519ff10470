import { isSecretKey, maskUrl, messageOf, ToolboxError } from '../../base/index.js';
import type { Environment } from '../env.js';
import { parseLiteral } from '../literals.js';

/** Set by Celery itself, never settings. */
const IGNORED = new Set(['log_level', 'log_file']);

/** Looks settings up in an environment: `CELERY_<NAME>` first, then the plain names of the first releases. */
export class EnvironmentSettings {
  readonly #env: Environment;
  readonly #prefix: string;

  /** @param prefix Default: the variable CELERY_ENV_PREFIX, else `CELERY_`. */
  constructor(env: Environment, prefix: string = env.CELERY_ENV_PREFIX ?? 'CELERY_') {
    this.#env = env;
    this.#prefix = prefix;
  }

  /**
   * The value for a setting, undefined when no variable is set. Where the default is a string the text is taken as it
   * is, otherwise it is read as JSON or a Python literal.
   *
   * @throws CONFIG_INVALID naming the variable when it cannot be read.
   */
  lookup(name: string, fallback: unknown, plainName?: string): unknown {
    for (const variable of [`${this.#prefix}${name.toUpperCase()}`, ...(plainName ? [plainName] : [])]) {
      const text = this.#env[variable];
      if (text !== undefined) return typeof fallback === 'string' ? text : readLiteral(variable, text);
    }
    return undefined;
  }

  /** Every further prefixed variable, as a lowercase setting. `taken` tells the names already decided. */
  rest(taken: (name: string) => boolean): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    for (const [variable, text] of Object.entries(this.#env)) {
      if (text === undefined || !variable.startsWith(this.#prefix)) continue;
      const name = variable.slice(this.#prefix.length).toLowerCase();
      if (name === '' || name === 'env_prefix' || IGNORED.has(name)) continue;
      if (taken(name) || taken(name.toUpperCase())) continue;
      found[name] = looksLikeLiteral(text) ? readLiteral(variable, text) : text;
    }
    return found;
  }
}

/** Text that can only be meant as a literal; anything else is a plain string such as a URL or a name. */
const looksLikeLiteral = (text: string): boolean =>
  /^\s*(?:[[{("']|[+-]?\.?\d[\d_.]*(?:[eE][+-]?\d+)?\s*$|(?:True|False|None|true|false|null)\s*$)/.test(text);

function readLiteral(variable: string, text: string): unknown {
  try {
    return parseLiteral(text);
  } catch (cause) {
    // A mapping may hold a secret under any name of its own.
    const secret = isSecretKey(variable) || isSecretKey(text);
    const shown = secret ? '' : ` (${JSON.stringify(maskUrl(text).slice(0, 60))})`;
    throw new ToolboxError(
      'CONFIG_INVALID',
      `environment variable ${variable}${shown}: expected JSON or a Python literal, ${messageOf(cause)}`,
      { fields: { key: variable } },
    );
  }
}
