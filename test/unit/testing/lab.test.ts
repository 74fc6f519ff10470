import { AssertionError } from 'node:assert';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chain, chord } from '../../../src/canvas/index.js';
import { Lab, runTask } from '../../../src/testing/index.js';
import { Celery, Config } from '../../../src/toolbox/index.js';
import { Ignore, Reject } from '../../../src/worker/index.js';

class Flaky extends Error {}

/** An app as in production: a broker on SQS, results in PostgreSQL. None of it is there. */
function makeApp() {
  const app = new Celery('export').configFromObject(
    new Config({ QUEUES: ['export'], QUEUE_PREFIX: 'test', RESULT_DB_PASS: 'secret' }, {}),
  );
  const ran: string[] = [];
  const part = app.task('export.part', (name: string) => {
    ran.push(name);
    return name.toUpperCase();
  });
  const total = app.task('export.total', (parts: string[]) => parts.join());
  const flaky = app.task(
    'export.flaky',
    { bind: true, autoretryFor: [Flaky], maxRetries: 3, defaultRetryDelay: 600 },
    (task, failures: number) => {
      ran.push(`flaky ${task.retries}`);
      if (task.retries < failures) throw new Flaky('not yet');
      return task.retries;
    },
  );
  const project = app.task('export.project', { bind: true }, async (task, slug: string) => {
    task.logger.info({ slug }, 'exporting');
    await task.progress(1, 2, 'half');
    await part.applyAsync({ args: [slug], countdown: 30, creator_id: 7 });
    return { slug, root: task.rootId };
  });
  return { app, part, total, flaky, project, ran };
}

let world: ReturnType<typeof makeApp>;
let lab: Lab;
beforeEach(async () => {
  world = makeApp();
  lab = await Lab.open(world.app, { leaseSeconds: 30 });
});
afterEach(() => lab.close());

describe('one task by itself', () => {
  test('runs with a real context: what it returns, sends, stores and logs', async () => {
    const run = await runTask(world.app, world.project, { args: ['riverside'] });
    expect(run.outcome).toMatchObject({ kind: 'success', value: { slug: 'riverside', root: run.id } });
    expect(run.sent).toMatchObject([
      {
        task: 'export.part',
        args: ['riverside'],
        countdown: 30,
        rootId: run.id,
        parentId: run.id,
        properties: { creator_id: 7 },
        queues: ['platform.fifo', 'export'],
      },
    ]);
    expect(run.states.map(({ state }) => state)).toEqual(['STARTED', 'PROGRESS', 'SUCCESS']);
    expect(run.states[1]?.result).toMatchObject({ current: 1, total: 2, percent: 50 });
    expect(run.log).toContainEqual({
      level: 'info',
      message: 'exporting',
      fields: expect.objectContaining({ slug: 'riverside', task: 'export.project' }) as object,
    });
    expect(world.ran).toEqual([]);
  });

  test('tells a retry, and what becomes of it in later attempts', async () => {
    const first = await lab.run(world.flaky, { args: [9] });
    expect(first.outcome).toMatchObject({
      kind: 'retry',
      plan: { countdown: 600, error: new Flaky('not yet') },
    });
    expect(first.sent).toMatchObject([{ task: 'export.flaky', id: first.id, retries: 1, countdown: 600 }]);
    const last = await lab.run(world.flaky, { args: [9], retries: 3 });
    expect(last.outcome).toMatchObject({ kind: 'failure', error: new Flaky('not yet') });
    expect(last.states.map(({ state }) => state)).toEqual(['STARTED', 'FAILURE']);
  });

  test('tells failures, rejections, ignored runs and arguments that do not fit', async () => {
    const { app } = world;
    const throwing = (error: Error) => app.task(`export.${error.name}`, () => Promise.reject(error));
    const outcome = async (error: Error) => (await lab.run(throwing(error), { args: [] })).outcome;
    expect(await outcome(new RangeError('bad'))).toMatchObject({
      kind: 'failure',
      error: new RangeError('bad'),
    });
    expect(await outcome(new Reject('no'))).toMatchObject({ kind: 'rejected', reason: 'no' });
    expect(await outcome(new Ignore('over'))).toMatchObject({ kind: 'ignored' });
    await expect(lab.run(world.part, { args: [] as never })).rejects.toMatchObject({
      code: 'TASK_ARGUMENTS',
    });
  });

  test('stamps and parents come with the call', async () => {
    const seen = world.app.task('export.seen', { bind: true }, (task) => [
      task.parentId,
      task.request.stamps,
    ]);
    const { outcome } = await lab.run(seen, {
      args: [],
      parent_id: 'p',
      stamped_headers: ['batch'],
      stamps: { batch: 'b' },
    });
    expect(outcome).toMatchObject({ value: ['p', { batch: 'b' }] });
  });
});

describe('a broker and workers', () => {
  test('time passes by itself: retries after ten minutes each come to their end', async () => {
    const { flaky } = world;
    await lab.worker();
    const result = await flaky.delay(2);
    const before = lab.clock.now();
    expect(await lab.until(result)).toEqual({ state: 'SUCCESS', result: 2 });
    expect(await result.get()).toBe(2);
    expect(lab.states(result).map(({ state }) => state)).toEqual([
      'STARTED',
      'RETRY',
      'STARTED',
      'RETRY',
      'STARTED',
      'SUCCESS',
    ]);
    expect(Math.round((lab.clock.now() - before) / 60_000)).toBe(20);
  });

  test('or is turned by hand', async () => {
    const { part, ran } = world;
    await lab.worker();
    await part.applyAsync({ args: ['later'], countdown: 60 });
    await lab.advance(59);
    expect(ran).toEqual([]);
    await lab.advance(1);
    expect(ran).toEqual(['later']);
  });

  test('chains and chords run to their end', async () => {
    const { part, total } = world;
    await lab.worker();
    const body = await chord([part.s('a'), part.s('b')], total.s()).applyAsync();
    expect(await lab.until(body.get())).toBe('A,B');
    const end = await chain(part.s('x'), part.s()).applyAsync();
    expect((await lab.until(end)).result).toBe('X');
  });

  test('waiting for what cannot come says why', async () => {
    const { app, part, flaky } = world;
    const unserved = await part.delay('x');
    await expect(lab.until(unserved, 'SUCCESS', { within: 3600, patienceMs: 50 })).rejects.toThrow(
      /state SUCCESS of task .* did not happen/,
    );
    await lab.worker();
    await expect(lab.until(await flaky.delay(99))).rejects.toThrow(/has ended in FAILURE, not in SUCCESS/);
    const stuck = app.task('export.stuck', () => new Promise(() => undefined));
    await expect(lab.until(await stuck.delay(), 'SUCCESS', { patienceMs: 100 })).rejects.toThrow(
      /the code of .* does not come to an end/,
    );
  });

  test('code that takes real time is waited for', async () => {
    const slow = world.app.task('export.slow', async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return 'done';
    });
    await lab.worker();
    const before = lab.clock.now();
    expect((await lab.until(await slow.delay())).result).toBe('done');
    expect(lab.clock.now() - before).toBeLessThan(1000);
  });

  test('messages of one FIFO group come one after the other, a repeated one once', async () => {
    const { app } = world;
    const fifo = new Celery('fifo', {
      settings: { task_default_queue: 'line.fifo', result_backend: 'db+postgresql://x/y' },
    });
    const order: string[] = [];
    const step = fifo.task('step', async (name: string) => {
      order.push(`${name} begins`);
      await fifo.clock.sleep(10_000);
      order.push(`${name} ends`);
    });
    await using line = await Lab.open(fifo);
    await line.worker({ concurrency: 4, prefetchMultiplier: 1 });
    const send = (name: string, MessageGroupId: string, MessageDeduplicationId = name) =>
      step.applyAsync({ args: [name], MessageGroupId, MessageDeduplicationId });
    await send('a1', 'a');
    const [last] = await Promise.all([send('a2', 'a'), send('b1', 'b'), send('again', 'b', 'b1')]);
    await line.until(last);
    expect(order.filter((one) => one.startsWith('a'))).toEqual([
      'a1 begins',
      'a1 ends',
      'a2 begins',
      'a2 ends',
    ]);
    expect(order).toContain('b1 ends');
    expect(order.join()).not.toContain('again');
    expect(app.name).toBe('export');
  });
});

describe('what was sent', () => {
  test('is found by name or task, by some of what it was sent with', async () => {
    const { part } = world;
    await part.applyAsync({ args: ['x'], countdown: 5, creator_id: 3 });
    expect(
      lab.expectSent(part, { args: ['x'], queue: 'export', properties: { creator_id: 3 } }).countdown,
    ).toBe(5);
    lab.expectSent('export.part', { countdown: 5, retries: 0 });
    lab.expectNotSent(part, { args: ['y'] });
    lab.expectNotSent('export.total');
  });

  test('or else the nearest call is shown', async () => {
    const { part } = world;
    await part.applyAsync({ args: ['x'], creator_id: 3 });
    await part.applyAsync({ args: ['z'], creator_id: 4 });
    const failure = (action: () => unknown): AssertionError => {
      try {
        action();
      } catch (error) {
        if (error instanceof AssertionError) return error;
      }
      throw new Error('no assertion failed');
    };
    const near = failure(() => lab.expectSent(part, { args: ['y'], properties: { creator_id: 4 } }));
    expect(near.actual).toEqual({ args: ['z'], 'properties.creator_id': 4 });
    expect(near.expected).toEqual({ args: ['y'], 'properties.creator_id': 4 });
    expect(near.message).toMatch(/sent 2 times, but not as expected/);
    expect(failure(() => lab.expectSent('export.none')).message).toBe(
      'export.none was not sent. Sent: export.part',
    );
    expect(failure(() => lab.expectNotSent(part, { args: ['x'] })).message).toMatch(/was sent once/);
  });
});

describe('faults', () => {
  test('a publish that fails is tried again', async () => {
    lab.fail('publish', 2);
    await lab.until(world.part.delay('x'));
    expect(lab.sent).toHaveLength(1);
    lab.fail('publish');
    await expect(world.part.applyAsync({ args: ['y'], retry: false })).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
    });
  });

  test('a result that cannot be stored is stored later, without a second run', async () => {
    await lab.worker();
    lab.fail('result', 3);
    await lab.until(await world.part.delay('x'));
    expect(world.ran).toEqual(['x']);
  });

  test('a broker that is away for a minute loses nothing', async () => {
    await lab.worker();
    const reconnect = lab.disconnect();
    const sending = world.part.applyAsync({ args: ['x'], retry_policy: { max_retries: null } });
    await lab.advance(60);
    expect(world.ran).toEqual([]);
    reconnect();
    await lab.until(await lab.until(sending));
    expect(world.ran).toEqual(['x']);
  });

  test('a task whose lease is lost is aborted, and runs again elsewhere', async () => {
    const { app } = world;
    const reasons: unknown[] = [];
    const long = app.task('export.long', { bind: true }, async (task) => {
      if (reasons.length > 0) return 'second';
      await app.clock.sleep(3_600_000, task.signal).catch((reason: unknown) => reasons.push(reason));
      return 'first';
    });
    await lab.worker();
    const result = await long.delay();
    await lab.advance(1);
    lab.loseLease(result);
    expect(() => lab.loseLease('nobody')).toThrow(/No worker holds/);
    expect((await lab.until(result)).result).toBe('second');
    expect(reasons).toMatchObject([{ code: 'LEASE_LOST' }]);
  });

  test.each([
    ['before', 'result', ['x', 'x']],
    ['after', 'result', ['x']],
    ['before', 'ack', ['x']],
    ['after', 'ack', ['x']],
  ] as const)('killed %s the %s, another worker brings it to its end', async (when, operation, runs) => {
    await lab.worker();
    const crashed = lab.crash(when === 'before' ? { before: operation } : { after: operation });
    const result = await world.part.delay('x');
    await lab.until(crashed);
    await lab.worker();
    expect((await lab.until(result)).result).toBe('X');
    await lab.advance(120);
    expect(world.ran).toEqual(runs);
    expect(lab.waiting('export')).toBe(0);
  });

  test('a message that is delivered too often is dead', async () => {
    const app = new Celery('dead', {
      settings: { result_backend: 'db+postgresql://x/y', task_acks_late: true },
    });
    const deadly = app.task('deadly', () => new Promise(() => undefined));
    await using place = await Lab.open(app, { deadLetterAfter: 2 });
    await deadly.delay();
    for (let life = 0; life < 2; life += 1) {
      const crashed = place.crash({ after: 'receive' });
      await place.worker();
      await place.until(crashed);
    }
    await place.worker();
    await place.until(() => place.waiting('celery-dead') === 1);
    expect(place.waiting('celery')).toBe(0);
  });
});

test('an app goes back to where it was', async () => {
  const { app } = makeApp();
  const { clock, logger } = app;
  const place = await Lab.open(app);
  expect(app.clock).not.toBe(clock);
  await place.close();
  expect([app.clock, app.logger]).toEqual([clock, logger]);
});

test('an eager app is refused', async () => {
  const app = new Celery('eager', { settings: { task_always_eager: true } });
  await expect(Lab.open(app)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});
