import { inspect } from 'node:util';
import { redact, ToolboxError } from '../../base/index.js';
import type { ExchangeType, Queue } from '../../messaging/index.js';
import { type Environment, processEnvironment } from '../env.js';
import { DEFAULTS, PLAIN_VARIABLES } from './defaults.js';
import { EnvironmentSettings } from './environment.js';
import { renderTemplate } from './template.js';
import { buildQueues, buildRouter, exchangeOf } from './topology.js';

/** What a `Config` takes: its own variables, and any Celery setting under its lowercase name. */
export interface ConfigInput {
  readonly QUEUES?: readonly string[];
  readonly PLATFORM_QUEUE_NAME?: string;
  readonly QUEUE_NAME_PREFIX?: string;
  readonly RESULT_DB_USER?: string;
  readonly RESULT_DB_PASS?: string;
  readonly RESULT_DB_HOST?: string;
  readonly RESULT_DB_PORT?: string | number;
  readonly RESULT_DB_NAME?: string;
  readonly CHORD_UNLOCK_MAX_RETRIES?: number;
  /** Prefix of environment variables. Default: the variable CELERY_ENV_PREFIX, else `CELERY_`. */
  readonly ENV_PREFIX?: string;
  readonly [setting: string]: unknown;
}

/**
 * The difference between Celery's default settings and what the architecture needs: every task reaches its queue and the
 * platform queue, every result reaches the platform's result table.
 *
 * A keyword wins over the environment variable `CELERY_<NAME>`, which wins over the plain variables `QUEUE_PREFIX` and
 * `RESULT_DB_*`, which win over the default. Variables are read as JSON or Python literals where the default is not a
 * string. Every further `CELERY_*` variable becomes a lowercase setting.
 *
 * Printing a Config shows its lowercase settings with secrets masked; `toObject()` gives everything as it is.
 *
 * @throws CONFIG_INVALID naming the variable or setting that cannot be read or rendered.
 */
export class Config {
  /** Names of the service queues. Default `['msg', 'export']`; `celery` and the platform queue are always there. */
  declare readonly QUEUES: readonly string[];
  /** The queue that receives a copy of every task message. Default `platform.fifo`. */
  declare readonly PLATFORM_QUEUE_NAME: string;
  /** Prefix of queue names on the broker, without the dash. Default `dev`. */
  declare readonly QUEUE_NAME_PREFIX: string;
  declare readonly RESULT_DB_USER: string;
  declare readonly RESULT_DB_PASS: string;
  declare readonly RESULT_DB_HOST: string;
  declare readonly RESULT_DB_PORT: string | number;
  declare readonly RESULT_DB_NAME: string;
  /** Retries of `celery.chord_unlock` before it gives up. Default 43 200: twelve hours at one retry a second. */
  declare readonly CHORD_UNLOCK_MAX_RETRIES: number;
  declare readonly result_backend: string;
  declare readonly broker_transport: string;
  declare readonly broker_transport_options: Readonly<Record<string, unknown>>;
  declare readonly task_queues: Iterable<Queue>;
  declare readonly task_default_exchange: string;
  declare readonly task_default_exchange_type: ExchangeType;
  declare readonly task_track_started: boolean;
  readonly [setting: string]: unknown;

  constructor(input: ConfigInput = {}, environment: Environment = processEnvironment()) {
    const { ENV_PREFIX, ...keywords } = input;
    const values: Record<string, unknown> = { ...keywords };
    const env = new EnvironmentSettings(environment, ENV_PREFIX);
    for (const [name, fallback] of Object.entries(DEFAULTS)) {
      if (values[name] !== undefined) continue;
      const found = env.lookup(name, fallback, PLAIN_VARIABLES[name]);
      values[name] = found === undefined ? fallback : found;
    }
    complete(values, env);
    const taken = (name: string): boolean => Object.hasOwn(values, name);
    Object.assign(this, values, env.rest(taken));
    Object.freeze(this);
  }

  /** Every setting and internal variable, unmasked: what `app.configFromObject` reads. */
  toObject(): Record<string, unknown> {
    return { ...this };
  }

  /** The lowercase settings, secrets masked. Functions are left out. */
  toJSON(): Record<string, unknown> {
    const shown = Object.entries(this).filter(
      ([name, value]) => name === name.toLowerCase() && typeof value !== 'function',
    );
    return redact(
      Object.fromEntries(shown.map(([name, value]) => [name, value instanceof Set ? [...value] : value])),
    ) as Record<string, unknown>;
  }

  toString(): string {
    return `Config(${inspect(this.toJSON(), { depth: 6, sorted: true })})`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** Settings that are made from others. */
function complete(values: Record<string, unknown>, env: EnvironmentSettings): void {
  values.QUEUES = queueNames(values.QUEUES);
  values.CHORD_UNLOCK_MAX_RETRIES = wholeNumber('CHORD_UNLOCK_MAX_RETRIES', values.CHORD_UNLOCK_MAX_RETRIES);
  values.broker_transport_options ??= env.lookup('broker_transport_options', {}) ?? {
    region: 'us-west-2',
    queue_name_prefix: `${String(values.QUEUE_NAME_PREFIX)}-`,
    wait_time_seconds: 20,
    visibility_timeout: 20,
  };
  const template = values.result_backend;
  if (typeof template === 'string')
    values.result_backend = renderTemplate('result_backend', template, values);
  const exchange = exchangeOf(
    String(values.task_default_exchange),
    values.task_default_exchange_type as ExchangeType,
  );
  values.task_queues ??= buildQueues({
    exchange,
    queues: values.QUEUES as readonly string[],
    platformQueue: String(values.PLATFORM_QUEUE_NAME),
  });
  values.task_routes ??= buildRouter(exchange);
}

function queueNames(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== ''))
    return Object.freeze([...value]);
  throw new ToolboxError(
    'CONFIG_INVALID',
    "QUEUES: expected a list of queue names such as ['msg', 'export']",
    {
      fields: { key: 'QUEUES' },
    },
  );
}

function wholeNumber(key: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new ToolboxError(
    'CONFIG_INVALID',
    `${key}: expected a whole number from 0, got ${JSON.stringify(value)}`,
    { fields: { key } },
  );
}
