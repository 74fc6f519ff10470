import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/base/index.js';
import { verdictOf } from '../../../src/postgres/index.js';
import { type EncodedRow, encodeRow } from '../../../src/results/postgres/encoded-row.js';
import { translated } from '../../../src/results/postgres/translated.js';
import { StoreQueue } from '../../../src/results/store-queue.js';
import { success } from '../../../src/testing/conformance/result-backends-bench.js';

/** Time passes only by sleeping. */
function turnedClock() {
  let time = 0;
  return {
    now: () => time,
    monotonic: () => time,
    sleep: async (ms: number) => void (time += Math.max(ms, 1)),
    after: () => () => undefined,
  };
}

const row = (taskId: string): EncodedRow => encodeRow(success(taskId, taskId), 0, () => null);

function queueWith(write: (ids: readonly string[]) => Promise<void>, budgetMs = 600_000) {
  const clock = turnedClock();
  const queue = new StoreQueue({
    write: (rows) => write(rows.map((each) => each.taskId)),
    budgetMs,
    closingBudgetMs: 10_000,
    verdictOf,
    translated: (error, what) => translated(error, what, 'postgresql://h/n'),
    shown: 'postgresql://h/n',
    logger: silentLogger,
    clock,
  });
  return { queue, clock };
}

const away = (): Error => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

describe('StoreQueue', () => {
  it('takes along what comes while a statement runs', async () => {
    const statements: (readonly string[])[] = [];
    const { promise: held, resolve: release } = deferred();
    const { queue } = queueWith(async (ids) => {
      statements.push(ids);
      if (statements.length === 1) await held;
    });
    const first = queue.add(row('a'));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const rest = ['b', 'c', 'd'].map((id) => queue.add(row(id)));
    release();
    await Promise.all([first, ...rest]);
    expect(statements).toEqual([['a'], ['b', 'c', 'd']]);
  });

  it('puts at most a thousand rows into a statement', async () => {
    const sizes: number[] = [];
    const { queue } = queueWith(async (ids) => void sizes.push(ids.length));
    await Promise.all(Array.from({ length: 2500 }, (_, n) => queue.add(row(`${n}`))));
    expect(sizes).toEqual([1000, 1000, 500]);
  });

  it('keeps the order of what it repeats', async () => {
    const written: string[] = [];
    let failures = 5;
    const { queue } = queueWith(async (ids) => {
      if (failures-- > 0) throw away();
      written.push(...ids);
    });
    const adding = ['a', 'b', 'c'].map((id) => queue.add(row(id)));
    await Promise.all(adding);
    expect(written).toEqual(['a', 'b', 'c']);
  });

  it('gives a record up when its budget is spent, and goes on with others', async () => {
    let broken = true;
    const { queue, clock } = queueWith(async () => {
      if (broken) throw away();
    }, 60_000);
    await expect(queue.add(row('a'))).rejects.toMatchObject({
      code: 'RESULT_BACKEND_UNREACHABLE',
      message: expect.stringContaining('task a'),
    });
    expect(clock.monotonic()).toBeGreaterThanOrEqual(60_000);
    expect(clock.monotonic()).toBeLessThan(65_000);
    broken = false;
    await queue.add(row('b'));
  });

  it('waits no longer than its closing budget when it is closed', async () => {
    const { queue, clock } = queueWith(() => Promise.reject(away()));
    const adding = queue.add(row('a'));
    const refused = expect(adding).rejects.toMatchObject({ code: 'RESULT_BACKEND_UNREACHABLE' });
    await queue.close();
    await refused;
    expect(clock.monotonic()).toBeLessThan(15_000);
    await expect(queue.add(row('b'))).rejects.toMatchObject({ code: 'STATE_INVALID' });
  });

  it('writes one by one what was not taken together, once', async () => {
    const statements: (readonly string[])[] = [];
    const { queue } = queueWith(async (ids) => {
      statements.push(ids);
      if (ids.includes('bad')) throw Object.assign(new Error('invalid byte'), { code: '22021' });
    });
    const outcomes = await Promise.allSettled(['a', 'bad', 'c'].map((id) => queue.add(row(id))));
    expect(outcomes.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'ENCODE_FAILED' } });
    await Promise.all(['d', 'e'].map((id) => queue.add(row(id))));
    expect(statements).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c'], ['d', 'e']]);
  });

  it('rejects at once what the server refuses', async () => {
    const { queue } = queueWith(() => Promise.reject(Object.assign(new Error('denied'), { code: '42501' })));
    const outcomes = await Promise.allSettled(['a', 'b'].map((id) => queue.add(row(id))));
    expect(outcomes.map((each) => (each.status === 'rejected' ? each.reason.code : 'stored'))).toEqual([
      'RESULT_BACKEND_REFUSED',
      'RESULT_BACKEND_REFUSED',
    ]);
  });
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
