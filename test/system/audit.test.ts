import { describe, expect, test } from 'vitest';
import { execute } from '../support/postgres.js';
import { sqsSystem } from './support/sqs-system.js';

describe('audit', { timeout: 120_000 }, async () => {
  // What a killed worker had asked for may be on its way to it: it comes again soon.
  const system = await sqsSystem({ visibility_timeout: 5 });
  const status = async (id: string): Promise<unknown> =>
    (await execute(system.database, `SELECT status FROM celery_taskmeta WHERE task_id = '${id}'`)).rows[0];
  const audit = (...flags: readonly string[]) =>
    system.run('audit', '--silence', '7', '--interval', '0.5', ...flags);

  test('fails the task of a killed worker, and not that of the one beside it', async () => {
    const one = await system.serve('worker', '-Q', 'msg', '-c', '1', '-n', 'same@here');
    const lost = await system.send('msg.hold', 'first');
    await one.line(/holding first/);
    await system.serve('worker', '-Q', 'msg', '-c', '1', '-n', 'same@here');
    one.kill('SIGKILL');
    const running = await system.send('msg.hold', 'second');
    await expect.poll(() => status(running), { timeout: 20_000 }).toEqual({ status: 'STARTED' });

    const dry = await audit('--dry-run', '--json');
    expect(dry).toMatchObject({ code: 0 });
    const row = { worker: 'same@here', pid: one.pid, verdict: 'lost' };
    const { begun: found } = JSON.parse(dry.out) as { begun: readonly { readonly task_id: string }[] };
    expect(found.find(({ task_id }) => task_id === lost)).toEqual({ task_id: lost, ...row });
    expect(found.find(({ task_id }) => task_id === running)).toMatchObject({ verdict: 'running' });
    expect(await status(lost)).toEqual({ status: 'STARTED' });

    const told = await audit();
    expect(told).toMatchObject({ code: 0 });
    expect(told.out).toMatch(/^TASK +WORKER +PID +VERDICT\n/);
    expect(told.out).toContain('1 lost (FAILURE now), 1 running, 0 unjudged');
    expect(await status(lost)).toEqual({ status: 'FAILURE' });
    expect(await status(running)).toEqual({ status: 'STARTED' });
    const { out } = await system.run('result', lost);
    expect(out).toContain(`The worker same@here (process ${one.pid}) is gone`);
  });

  test('needs results in PostgreSQL', async () => {
    const { code, err } = await system.run(
      'audit',
      '--result-backend',
      'cache+memory://',
      '--broker',
      'memory://',
    );
    expect(code).toBe(2);
    expect(err).toContain('is not the URL of a PostgreSQL database');
  });
});
