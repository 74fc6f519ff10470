import { setTimeout as delay } from 'node:timers/promises';
import { Celery, currentTask, Ignore, Reject } from 'cadasta-workertoolbox';

class Flaky extends Error {}

/** An app with the tasks that the pools' cases run. */
export function poolApp(settings) {
  const app = new Celery('pools');
  app.configFromObject(settings);
  app.task('noop', () => null);
  app.task('echo', (value) => value);
  app.task('pid', () => process.pid);
  app.task('spin', (ms) => {
    const end = Date.now() + ms;
    while (Date.now() < end);
    return ms;
  });
  app.task('wait', { bind: true }, async (task, ms) => {
    await delay(ms, undefined, { signal: task.signal });
    return 'waited';
  });
  app.task('for-ever', () => new Promise(() => {}));
  app.task('spin-for-ever', () => {
    for (;;);
  });
  app.task('exit', (code) => process.exit(code));
  app.task('kill', () => process.kill(process.pid, 'SIGKILL'));
  app.task('abort', () => process.abort());
  app.task('kill-once', { bind: true }, (task) => {
    if (task.request.deliveryInfo.redelivered || 'x-worker-lost-count' in task.request.customHeaders)
      return 'alive';
    return process.exit(3);
  });
  app.task('devour', () => {
    const held = [];
    for (;;) held.push(Array.from({ length: 100_000 }, (_, i) => ({ i })));
  });
  app.task('hold', (mib) => {
    globalThis.held = Array.from({ length: mib }, () => new Array(131_072).fill(0.5));
    return process.pid;
  });
  app.task('timer', async () => {
    setTimeout(() => {
      throw new RangeError('thrown in a timer');
    }, 5);
    await new Promise(() => {});
  });
  app.task('rejection', async () => {
    void Promise.reject(new RangeError('rejected, and nobody looks'));
    await new Promise(() => {});
  });
  app.task('fail', () => {
    throw Object.assign(new RangeError('broken'), { status: 418 });
  });
  app.task('ignore', () => {
    throw new Ignore();
  });
  app.task('reject', () => {
    throw new Reject('not today');
  });
  app.task('retry', { bind: true }, (task) => {
    if (task.retries === 0) task.retry({ countdown: 0 });
    return task.retries;
  });
  app.task('autoretry', { bind: true, autoretryFor: [Flaky], defaultRetryDelay: 0 }, (task) => {
    if (task.retries === 0) throw new Flaky('once');
    return task.retries;
  });
  app.task('progress', { bind: true }, async (task) => {
    await task.updateState('PROGRESS', { done: 1n });
    task.logger.info({ step: 1 }, 'half way');
    await new Promise((_, reject) => {
      task.signal.addEventListener('abort', () => reject(task.signal.reason));
    });
  });
  app.task('reason', { bind: true, softTimeLimit: 0.1 }, async (task) => {
    await new Promise((resolve) => task.signal.addEventListener('abort', resolve));
    return task.signal.reason.name;
  });
  app.task('who', () => {
    const task = currentTask();
    return { id: task?.id, root: task?.rootId, parent: task?.parentId, name: task?.name };
  });
  app.task('call', async () => (await app.send({ task: 'who', args: [], kwargs: {}, options: {} })).id);
  app.task('await-result', (id) => app.asyncResult(id).get({ timeout: 5 }));
  app.task('take-over', { bind: true }, (task) => {
    task.request.callbacks = null;
    return 'taken';
  });
  app.task('function', () => () => 'no data');

  const seen = [];
  app.signals.on('worker_process_init', ({ hostname }) => void seen.push(`init ${hostname}`));
  app.signals.on('task_prerun', ({ task }) => void seen.push(`prerun ${task}`));
  app.task('seen', () => seen);
  return app;
}

/** What each thread or process loads; the query of the module's URL, or a variable, holds the settings. */
const query = new URL(import.meta.url).searchParams.get('settings') ?? process.env.POOLS_SETTINGS ?? null;
export const app = query === null ? undefined : poolApp(JSON.parse(query));
