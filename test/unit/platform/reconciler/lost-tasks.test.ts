import { beforeEach, expect, test } from 'vitest';
import { type AnyState, silentLogger } from '../../../../src/base/index.js';
import { LostTasks } from '../../../../src/platform/reconciler/lost-tasks.js';
import { Presence } from '../../../../src/platform/reconciler/presence.js';
import { createMemoryResultBackend } from '../../../../src/results/memory/index.js';
import { HandClock } from '../../beat/support/hand-clock.js';

const SECOND = 1000;
const MARK = { acks_late: false, freq: 2 };

let clock: HandClock;
let presence: Presence;
let backend: Awaited<ReturnType<typeof createMemoryResultBackend>>;
let lost: LostTasks;

const make = (unmarked = false): LostTasks =>
  new LostTasks({
    backend: {
      started: () => backend.started?.() ?? Promise.resolve([]),
      get: (ids) => backend.get(ids),
      store: (record) => backend.store(record),
    },
    presence,
    isHeard: (instance) => instance.startsWith('here.'),
    unmarked,
  });

beforeEach(async () => {
  clock = new HandClock();
  presence = new Presence({ silenceMs: 10 * SECOND, echoMs: 3 * SECOND });
  backend = await createMemoryResultBackend({ url: 'memory://', options: {}, clock, logger: silentLogger });
  lost = make();
});

const store = (taskId: string, status: AnyState, result: unknown): Promise<void> =>
  backend.store({ taskId, status, result, traceback: null });
const begun = (taskId: string, instance: string, more: object = MARK): Promise<void> =>
  store(taskId, 'STARTED', { pid: 7, hostname: 'export@here', instance, ...more });

/** Seconds in which nobody but ourselves is heard. */
async function silent(seconds: number): Promise<void> {
  for (let n = 0; n < seconds; n += 1) {
    await clock.pass(SECOND);
    presence.echoed(presence.nextEcho(clock.monotonic()));
  }
}
const look = () => lost.look(clock.monotonic());
const verdicts = async (): Promise<object> =>
  Object.fromEntries((await look()).map(({ taskId, verdict }) => [taskId, verdict]));

test('the task of a worker that is gone becomes FAILURE, as a worker would store it', async () => {
  await begun('a', 'here.1');
  expect(await verdicts()).toEqual({ a: 'running' });
  await silent(12);
  const [task] = await look();
  expect(task).toEqual({ taskId: 'a', worker: 'export@here', pid: 7, verdict: 'lost' });
  if (task !== undefined) await lost.fail(task);
  expect((await backend.get(['a']))[0]).toMatchObject({
    status: 'FAILURE',
    result: { exc_type: 'WorkerLostError', exc_module: 'billiard.exceptions' },
  });
  expect(await look()).toEqual([]);
});

test('what may come again, or is run out of earshot, is left alone', async () => {
  await begun('late', 'here.1', { freq: 2 });
  await begun('elsewhere', 'there.1');
  await store('python', 'STARTED', { pid: 7, hostname: 'celery@there' });
  await store('custom', 'STARTED', null);
  await look();
  await silent(60);
  expect(await verdicts()).toEqual({
    late: 'unjudged',
    elsewhere: 'unjudged',
    python: 'unjudged',
    custom: 'unjudged',
  });
});

test('rows without a mark are judged by the name of their worker where asked to', async () => {
  lost = make(true);
  await store('python', 'STARTED', { pid: 7, hostname: 'celery@gone' });
  await store('alive', 'STARTED', { pid: 7, hostname: 'celery@there' });
  await store('custom', 'STARTED', null);
  await look();
  await silent(60);
  presence.hear('celery@there', undefined, 2, clock.monotonic());
  expect(await verdicts()).toEqual({ python: 'lost', alive: 'running', custom: 'unjudged' });
});

test('a task that another worker has begun meanwhile is that one’s', async () => {
  await begun('a', 'here.1');
  await look();
  await silent(60);
  await begun('a', 'here.2');
  expect(await verdicts()).toEqual({ a: 'running' });
});

test('a task that ended between look and failure keeps its outcome, and a later outcome replaces the failure', async () => {
  await begun('a', 'here.1');
  await begun('b', 'here.1');
  await look();
  await silent(60);
  const tasks = await look();
  await store('a', 'SUCCESS', 1);
  for (const task of tasks) await lost.fail(task);
  await store('b', 'SUCCESS', 2);
  expect((await backend.get(['a', 'b'])).map(({ result }) => result)).toEqual([1, 2]);
});
