import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { hasCode } from '../../src/base/index.js';
import { afterPython, jsonValue } from '../../test/support/values.js';
import { type ChaosRow, type Figure, none, type RowContext, TRANSPORTS, within } from '../harness/row.js';
import { ChaosSystem } from '../harness/system.js';

const running =
  (measure: (system: ChaosSystem, context: RowContext) => Promise<readonly Figure[]>, workers = 1) =>
  async (context: RowContext): Promise<readonly Figure[]> => {
    const system = await ChaosSystem.start(context.servers, context.transport, { workers });
    try {
      return await measure(system, context);
    } finally {
      await system.close();
    }
  };

/** A task whose name leads to no queue. */
const unroutable = running(async ({ producer }, { count }) => {
  const calls = count(50, 1_000);
  let accepted = 0;
  for (let n = 0; n < calls; n += 1) {
    await producer.app.send({ task: 'nobody.home', args: [n], kwargs: {}, options: {} }).then(
      () => (accepted += 1),
      (error: unknown) => {
        if (!hasCode(error, 'UNROUTABLE')) throw error;
      },
    );
  }
  return [none('accepted and never run', accepted)];
}, 0);

/** Arguments larger than the broker takes: refused before any copy is sent. */
const tooLarge = running(async ({ producer }, { count }) => {
  const large = 'x'.repeat(1_500_000);
  const broker = await producer.app.broker();
  await producer.work.delay(0, 0);
  const before = await waiting(producer.app);
  const took: number[] = [];
  let accepted = 0;
  for (let n = 0; n < count(5, 100); n += 1) {
    const from = performance.now();
    await producer.echo.delay(large).then(
      () => (accepted += 1),
      () => undefined,
    );
    took.push(performance.now() - from);
  }
  if (broker.capabilities.maxMessageBytes === Number.POSITIVE_INFINITY) throw new Error('no limit to test');
  took.sort((a, b) => a - b);
  return [
    none('accepted', accepted),
    none('copies sent of what was refused', (await waiting(producer.app)) - before),
    within('milliseconds until refused, median', took[Math.floor(took.length / 2)] ?? 0, 50),
  ];
}, 0);

const waiting = async (app: ChaosSystem['producer']['app']): Promise<number> => {
  const broker = await app.broker();
  return (await broker.size('chaos')) + (await broker.size('platform.fifo'));
};

/** Odd values go to a task and come back through the result table. */
const oddValues = running(async (system, { count }) => {
  const values = [...ODD, ...fc.sample(jsonValue, { numRuns: count(200, 10_000), seed: 1 })];
  let changed = 0;
  for (let at = 0; at < values.length; at += 50) {
    const batch = values.slice(at, at + 50);
    const results = await Promise.all(batch.map((value) => system.producer.echo.delay(value)));
    for (const { id } of results) system.accepted.push(id);
    const back = await Promise.all(results.map((result) => result.get({ timeout: 60 })));
    changed += batch.filter((value, n) => !isDeepStrictEqual(back[n], afterPython(value))).length;
  }
  const { lost, untracked } = await system.settled();
  return [
    none('values that came back changed', changed),
    none('lost', lost.length),
    none('untracked', untracked.length),
    none('prototypes changed', 'polluted' in {} ? 1 : 0),
  ];
});

const ODD: readonly unknown[] = [
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
  'NUL \0 inside',
  'half a pair \ud800',
  'مرحبا 😀 \u202e',
  2n ** 70n,
  10n ** 400n,
  -0,
  Number.NaN,
  Number.NEGATIVE_INFINITY,
  2 ** 53,
];

/** Results that no format can carry. */
const unwritable = running(async (system, { count }) => {
  const kinds = ['function', 'cycle', 'symbol'] as const;
  const results = await Promise.all(
    Array.from({ length: count(30, 1_000) }, (_, n) =>
      system.producer.unwritable.delay(kinds[n % 3] ?? 'cycle'),
    ),
  );
  const states = await Promise.all(
    results.map(async (result) => {
      await result.get({ propagate: false, timeout: 60 });
      return result.state();
    }),
  );
  return [none('results that are not FAILURE', states.filter((state) => state !== 'FAILURE').length)];
});

export const valueRows: readonly ChaosRow[] = [
  { id: 'F41', title: 'a route without a queue', on: TRANSPORTS, run: unroutable },
  { id: 'F51', title: 'arguments larger than the broker takes', on: ['sqs'], run: tooLarge },
  { id: 'F53-F56', title: 'odd values', on: TRANSPORTS, run: oddValues },
  { id: 'F60', title: 'results that cannot be written', on: TRANSPORTS, run: unwritable },
];
