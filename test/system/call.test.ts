import { beforeAll, describe, expect, test } from 'vitest';
import type { Running } from './support/cli.js';
import { CANARY, expectFailure } from './support/secret.js';
import { sqsSystem } from './support/sqs-system.js';

const ID = /^[0-9a-f-]{36}$/;

describe('sending tasks and asking for them, with a worker and sync-tasks as processes', {
  timeout: 90_000,
}, async () => {
  const system = await sqsSystem();
  let worker: Running;
  let syncTasks: Running;
  let thrown = '';
  beforeAll(async () => {
    [worker, syncTasks] = await Promise.all([
      system.serve('worker', '-Q', 'msg,celery', '-c', '4', '-n', 'w1@%h'),
      system.serve('sync-tasks', '-l', 'debug'),
    ]);
  });

  test('the worker says who it is, what it listens to and what it can do', () => {
    const ready = worker.lines.find((line) => line.includes('ready'));
    expect(ready).toMatch(/worker=w1@\S+ concurrency=4 queues=\[ 'msg', 'celery' \] tasks=\[ 'msg.echo'/);
  });

  test('call prints the id; result and family know it', async () => {
    const { code, out, err } = await system.run('call', 'msg.add', '-a', '[2, 3]');
    const id = out.trim();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(id).toMatch(ID);
    expect(await system.run('result', id, '--wait', '--timeout', '20')).toMatchObject({
      code: 0,
      out: 'SUCCESS  5\n',
    });
    const stored = JSON.parse((await system.run('result', id, '--json')).out) as Record<string, unknown>;
    expect(stored).toMatchObject({ taskId: id, status: 'SUCCESS', result: 5, traceback: null });
    await syncTasks.line(/recorded {2}tasks=1/);
    const family = await system.run('family', id);
    expect(family).toMatchObject({ code: 0, err: '' });
    expect(family.out).toMatch(
      new RegExp(`^msg.add ✔ SUCCESS \\+0.00s → \\+-?\\d+\\.\\d\\ds ${id}\noverall: SUCCESS\n$`),
    );
    const tree = JSON.parse((await system.run('family', id, '--json')).out) as Record<string, unknown>;
    expect(tree).toMatchObject({
      rootId: id,
      status: 'SUCCESS',
      members: [{ taskId: id, type: 'msg.add' }],
      results: [],
    });
  });

  test('call --wait prints the value, with --json the state too', async () => {
    const plain = await system.run('call', 'msg.echo', '-k', '{"text": "héllo"}', '--wait');
    expect(plain).toMatchObject({ code: 0, out: 'héllo\n' });
    expect(plain.err.trim()).toMatch(ID);
    const { out, err } = await system.run('call', 'msg.echo', '--args', "['py']", '--wait', '--json');
    expect(JSON.parse(out)).toMatchObject({ status: 'SUCCESS', result: 'py' });
    expect(err).toBe('');
  });

  test.each([
    ['a task nobody knows', ['msg.nothing'], 'failed: NotRegistered: msg.nothing', 'NotRegistered'],
    [
      'too many arguments',
      ['msg.add', '-a', '[1, 2, 3]'],
      'add() takes 2 positional arguments but 3 were given',
      'TypeError',
    ],
    [
      'arguments that do not fit the schema',
      ['msg.strict', '-k', '{"nam": 1}'],
      'name: Invalid input: expected string',
      'TypeError',
    ],
    ['a task that throws', ['msg.fail'], 'cannot reach amqp://user:********@host/vhost', 'ValueError'],
  ])('%s: a stored FAILURE, exit code 1, one line', async (_name, args, why, type) => {
    const failed = await system.run('call', ...args, '--wait', '--json');
    expectFailure(failed, 1, why);
    expect(failed.err.trim().split('\n')).toHaveLength(1);
    const { id, ...rest } = JSON.parse(failed.out) as { id: string };
    expect(rest).toMatchObject({ status: 'FAILURE', result: { exc_type: type } });
    thrown = id;
  });

  test('result tells of a failure what it was, and its traceback', async () => {
    const { code, out, err } = await system.run('result', thrown, '--traceback');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(
      /^FAILURE {2}ValueError: cannot reach amqp:\/\/user:\*{8}@host\/vhost\nTraceback .*\n/,
    );
    expect(out).not.toContain(CANARY);
  });

  test('the log names what failed: stacks only of the code of a task', () => {
    const log = worker.lines.join('\n');
    expect(log).toMatch(/ERROR\/echo\] task failed .*task=msg.add .*error=add\(\) takes 2 positional/);
    expect(log).toMatch(
      /ERROR\/echo\] task failed .*task=msg.fail .*\nRangeError: .*\n {4}at .*echo.mjs:\d+:\d+\)?(\n\[|$)/,
    );
    expect(log).not.toMatch(/at .*\/dist\//);
    expect(log).not.toContain(CANARY);
  });

  test('a wait has an end', async () => {
    expectFailure(
      await system.run(
        'call',
        'msg.wait_for',
        '-a',
        '["/never"]',
        '--wait',
        '--timeout',
        '0.2',
        '--expires',
        '30',
      ),
      1,
      /did not end within 0.2 s/,
    );
    expectFailure(
      await system.run('result', 'never-sent', '--wait', '--timeout', '0.1'),
      1,
      /did not end within/,
    );
  });

  test('what nobody has heard of', async () => {
    expect(await system.run('result', 'never-sent')).toMatchObject({ code: 0, out: 'PENDING\n' });
    expectFailure(await system.run('family', 'never-sent'), 1, 'no task never-sent was ever recorded');
  });

  test('a reader that leaves early is no fault', async () => {
    const { spawnSync } = await import('node:child_process');
    const { status, stderr } = spawnSync('sh', ['-c', `node dist/cli/main.js --help | true`], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
