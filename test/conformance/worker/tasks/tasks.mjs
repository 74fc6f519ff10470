import { setTimeout as delay } from 'node:timers/promises';

/** The name of a worker without its host: what tells two of them apart. */
const nodeOf = (task) => task.hostname.split('@')[0];

/**
 * The tasks that the cases of a worker are made with. They are the same in every process: what they see they tell to the
 * case, by `meeting`, and they stop at its gates.
 */
export function defineTasks(app, { Ignore, Reject, SoftTimeLimitExceeded }, meeting) {
  plain(app);
  outcomes(app, { Ignore, Reject }, meeting);
  times(app, SoftTimeLimitExceeded, meeting);
  waiting(app, meeting);
  sharing(app, Ignore, meeting);
}

function plain(app) {
  app.task('noop', () => 'done');
  app.task('echo', (value) => value);
  app.task('add', (x, y = 0) => x + y);
  app.task('sum', (numbers) => numbers.reduce((sum, one) => sum + one, 0));
  app.task('fail', (text = 'broken') => {
    throw new RangeError(text);
  });
  app.task('function', () => () => 1);
}

function outcomes(app, { Ignore, Reject }, meeting) {
  app.task('note', { bind: true }, async (task, ...args) => {
    const { parentId: parent, rootId: root } = task;
    await meeting.note('note', { args, parent, root, group: task.request.groupId });
  });
  app.task('shaky', { bind: true, maxRetries: 5 }, async (task, times, what = '') => {
    const { id, retries, parentId: parent, rootId: root } = task;
    await meeting.note('shaky', { id, retries, parent, root });
    if (retries < times) task.retry({ error: new Error(`not yet: ${what}`), countdown: 0 });
    return retries;
  });
  app.task('later', { bind: true }, (task) => task.retry({ error: new RangeError('busy'), countdown: 600 }));
  app.task('named', { bind: true, maxRetries: 2 }, async (task) => {
    await meeting.note('named');
    task.retry({ error: new RangeError('broken'), countdown: 0 });
  });
  app.task('nameless', { bind: true, maxRetries: 0 }, (task) => task.retry());
  const auto = { bind: true, autoretryFor: [RangeError], retryBackoff: true, maxRetries: 4 };
  app.task('auto', auto, async (task) => {
    await meeting.note('auto', task.retries);
    if (task.retries < 2) throw new RangeError('again');
    throw new TypeError('never again');
  });
  app.task('sleepy', { bind: true, maxRetries: 0 }, async (task) => {
    await meeting.note('sleepy', [task.retries, task.request.snoozes]);
    if (task.request.snoozes < 2) task.snooze(0.1);
    return 'awake';
  });
  app.task('steps', { bind: true }, async (task) => {
    // Only the last of those that come at once is worth storing.
    await Promise.all([task.progress(1), task.progress(2), task.progress(3, 4, 'three quarters')]);
    await meeting.pass('steps');
    return 'done';
  });
  app.task('ignore', () => {
    throw new Ignore();
  });
  app.task('reject', () => {
    throw new Reject('not mine');
  });
  app.task('requeue', async () => {
    const runs = await meeting.note('requeue');
    if (runs === 1) throw new Reject('once more', { requeue: true });
    return runs;
  });
  app.task('quiet', { ignoreResult: true }, () => 'unheard');
  app.task('loud', { ignoreResult: true, storeErrorsEvenIfIgnored: true }, () => {
    throw new Error('heard');
  });
}

function times(app, SoftTimeLimitExceeded, meeting) {
  app.task('when', () => Date.now());
  app.task('late', () => meeting.note('late'));
  app.task('patient', { bind: true, softTimeLimit: 0.1 }, async (task) => {
    const reason = await new Promise((resolve) => {
      task.signal.addEventListener('abort', () => resolve(task.signal.reason));
    });
    return reason instanceof SoftTimeLimitExceeded;
  });
  app.task('dozing', { bind: true }, (task) => delay(60_000, undefined, { signal: task.signal }));
  app.task('endless', () => new Promise(() => {}));
  app.task('limited', { timeLimit: 0.2 }, () => new Promise(() => {}));
  app.task('rated', { rateLimit: '10/s' }, () => meeting.note('rated', Date.now()));
}

function waiting(app, meeting) {
  /** Waits at the gate of its worker; what is told of an abort meanwhile is noted. */
  app.task('work', { bind: true }, async (task, ...args) => {
    await meeting.note('work', nodeOf(task));
    task.signal.addEventListener('abort', () => {
      meeting.note('aborted', task.signal.reason.code).catch(() => {});
    });
    await meeting.pass(nodeOf(task));
    return [nodeOf(task), ...args].join(' ');
  });
  app.task('parent', async () => {
    const child = await app.send({ task: 'noop', args: [], kwargs: {}, options: { countdown: 4 } });
    await meeting.pass('parent');
    return child.id;
  });
  app.task('heedful', { bind: true }, async (task) => {
    if (nodeOf(task) === 'second') return 'second';
    await new Promise((_, reject) => {
      task.signal.addEventListener('abort', () => reject(task.signal.reason));
    });
  });
}

function sharing(app, Ignore, meeting) {
  // Locks are by arguments: each case gives a word of its own.
  const run = async (word, n = 0) => {
    await meeting.note('unique', n);
    await meeting.pass('unique');
    return n;
  };
  app.task('unique', { unique: true }, run);
  app.task('refusing', { unique: { key: ({ args }) => args[0], onDuplicate: 'reject' } }, (_word, n) => n);
  app.task('queued', { unique: { while: 'queued' } }, run);
  app.task('exclusive', { unique: { while: 'running' } }, async (_word) => {
    await meeting.note('exclusive', 1);
    await meeting.pass('exclusive');
    await meeting.note('exclusive', -1);
  });
  const ending = { bind: true, unique: true, defaultRetryDelay: 1, maxRetries: 1 };
  app.task('ending', ending, (task, _word, how) => {
    if (how === 'retry') task.retry({ error: new Error('again') });
    if (how === 'ignore') throw new Ignore();
    throw new Error(how);
  });
  app.task('leased', { unique: { leaseSeconds: 0.3 } }, (_word) => 'done');
  app.task('fleet', { fleetRateLimit: '10/s' }, () => meeting.note('fleet', Date.now()));
}
