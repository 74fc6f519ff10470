import { randomUUID } from 'node:crypto';
import { inspect, isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signature } from '../../../src/canvas/index.js';
import { celery57ColumnSql } from '../../../src/results/postgres/index.js';
import { Celery } from '../../../src/toolbox/setup/index.js';
import { execute, freshDatabase } from '../../support/postgres.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { NO_REDIS, startRedis } from '../../support/redis.js';
import { SQLALCHEMY_TABLES } from '../../support/result-tables.js';
import { afterPython, jsonValue, pickleValue } from '../../support/values.js';
import { startPythonApp } from './python-app.js';

const missing = [
  ...(celeryPython() === undefined ? [NO_PYTHON] : []),
  ...(process.env.WORKERTOOLBOX_TEST_REDIS_URL === undefined ? [NO_REDIS] : []),
];
if (missing.length > 0 && process.env.CI) throw new Error(missing.join('; '));

const AT_A_TIME = 100;
const SEED = Number(process.env.WORKERTOOLBOX_TEST_SEED ?? 20_261_125);

const FORMATS = [
  { serializer: 'json', count: 10_000, value: jsonValue },
  { serializer: 'pickle', count: 2_500, value: pickleValue },
] as const;

/** Values as arguments to a Python worker, and back as its results through the table. */
async function thereAndBack(
  serializer: string,
  count: number,
  value: fc.Arbitrary<unknown>,
): Promise<readonly string[]> {
  const database = await freshDatabase();
  await execute(database, SQLALCHEMY_TABLES, celery57ColumnSql());
  const redis = await startRedis();
  const theirs = `theirs-${randomUUID()}`;
  const settings = {
    broker_url: redis.url,
    result_backend: database.replace(/^postgres(ql)?:/, 'db+postgresql+psycopg2:'),
    task_serializer: serializer,
    result_serializer: serializer,
    accept_content: ['json', 'pickle'],
  };
  const python = startPythonApp({ ...settings, ours: 'ours', theirs });
  const app = new Celery('ours', { settings });
  try {
    const all = fc.sample(value, { numRuns: count, seed: SEED });
    const batches = Array.from({ length: count / AT_A_TIME }, (_, n) =>
      all.slice(n * AT_A_TIME, (n + 1) * AT_A_TIME),
    );
    const came = await Promise.all(
      batches.map(async (batch) => {
        const result = await signature(app, 'py.listed', { args: [batch] })
          .set({ queue: theirs })
          .applyAsync();
        return (await result.get({ timeout: 120 })) as readonly unknown[];
      }),
    );
    const back = came.flat(1);
    expect(back).toHaveLength(count);
    return all.flatMap((sent, n) =>
      isDeepStrictEqual(plain(back[n]), plain(afterPython(sent)))
        ? []
        : [`${inspect(sent)} came back as ${inspect(back[n])}`],
    );
  } finally {
    await app.close();
    await python.stop();
    await redis.kill();
  }
}

/** Objects without regard to their prototype: what was read has none. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [plain(key), plain(item)]));
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  const prototype: unknown =
    typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.entries(value as object).map(([key, item]) => [key, plain(item)]);
}

describe.skipIf(missing.length > 0)(
  `values through a Python worker and the result table${missing.length > 0 ? ` (${missing.join('; ')})` : ''}`,
  () => {
    it.each(FORMATS)(
      '$count values in $serializer come back unchanged',
      async ({ serializer, count, value }) => {
        expect((await thereAndBack(serializer, count, value)).slice(0, 5)).toEqual([]);
      },
      150_000,
    );
  },
);
