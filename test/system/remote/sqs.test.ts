import { describe, expect, test } from 'vitest';
import { type Running, startHere } from '../support/cli.js';
import { sqsSystem } from '../support/sqs-system.js';

const NODE = 'w1@here';
const REVOKED = 'f0000000-0000-4000-8000-00000000000c';

/** On SQS there is no broadcast: everything here goes through PostgreSQL. */
describe('remote control and events on SQS', { timeout: 90_000 }, async () => {
  const system = await sqsSystem();
  let worker: Running;

  const inspect = async (...words: readonly string[]): Promise<unknown> => {
    const { code, out, err } = await system.run('inspect', ...words, '--json', '-d', NODE, '--timeout', '20');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return (JSON.parse(out) as Record<string, unknown>)[NODE];
  };
  const control = async (...words: readonly string[]): Promise<string> => {
    const { code, out, err } = await system.run('control', ...words, '-d', NODE, '--timeout', '20');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return out.replace(`->  ${NODE}: OK\n        `, '').trimEnd();
  };

  test('a revoke that no worker hears is remembered for those who start later', async () => {
    const sent = await system.run('control', 'revoke', REVOKED, '--timeout', '0.2');
    expect(sent).toMatchObject({ code: 69 });
    worker = await system.serve('worker', '-n', NODE, '-Q', 'msg,celery', '-c', '1');
    expect(await inspect('revoked')).toEqual([REVOKED]);
    const result = await system.run('result', REVOKED, '--json', '--wait', '--timeout', '20');
    expect(JSON.parse(result.out)).toMatchObject({ status: 'REVOKED' });
  });

  test('inspect and status reach the worker', async () => {
    expect(await inspect('ping')).toEqual({ ok: 'pong' });
    expect(await inspect('active_queues')).toMatchObject([{ name: 'msg' }, { name: 'celery' }]);
    expect(await inspect('registered')).toContain('msg.echo');
    expect(await inspect('stats')).toMatchObject({ broker: { transport: 'sqs' } });
    expect(await system.run('status', '-d', NODE, '--timeout', '20')).toMatchObject({
      code: 0,
      out: `->  ${NODE}: OK\n\n1 node online.\n`,
    });
  });

  test('control changes it, and says so in the log with the name of the database user', async () => {
    expect(await control('rate_limit', 'msg.echo', '10/m')).toBe('new rate limit set successfully');
    expect(await control('time_limit', 'msg.echo', '5', '10')).toBe('time limits set successfully');
    expect(await control('pool_grow', '1')).toBe('pool will grow');
    expect(await control('add_consumer', 'further')).toBe('add consumer further');
    expect(await control('cancel_consumer', 'further')).toBe('no longer consuming from further');
    const { username } = new URL(system.database);
    expect(await worker.line(/remote control .*rate_limit/)).toContain(username);
  });

  test('events show a task from its call to its end', async () => {
    const events = startHere(['events', '--json'], { env: system.env });
    await events.line(/"type":"worker-heartbeat"/);
    expect(await control('enable_events')).toBe('task events enabled');
    const id = await system.send('msg.add', 2, 3);
    for (const type of ['task-received', 'task-started', 'task-succeeded']) {
      await events.line(new RegExp(`"uuid":"${id}".*"type":"${type}"|"type":"${type}".*"uuid":"${id}"`));
    }
    events.kill('SIGINT');
    expect((await events.ended).code).toBe(0);
    expect(await control('disable_events')).toBe('task events disabled');
  });

  test('revoke --terminate ends what runs; shutdown ends the worker', async () => {
    const id = await system.send('msg.wait_for', '/tmp/never-comes');
    await worker.line(/waiting for never-comes/);
    expect(await inspect('query_task', id)).toMatchObject({ [id]: ['active', { id }] });
    expect(await control('terminate', 'TERM', id)).toBe(`terminate: ${id}`);
    const result = await system.run('result', id, '--json', '--wait', '--timeout', '20');
    expect(JSON.parse(result.out)).toMatchObject({ status: 'REVOKED' });
    expect((await system.run('control', 'shutdown', '-d', NODE)).code).toBe(0);
    expect((await worker.ended).code).toBe(0);
  });
});
