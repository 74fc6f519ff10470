import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, type Running, startHere } from './support/cli.js';
import { ECHO } from './support/echo.js';
import { canTrace, NO_TRACE, trace } from './support/processes.js';

/** Waits until it is up; gives the path of the file that other programs read, and what stands in it. */
async function addresses(up: Running): Promise<{ path: string; env: Record<string, string> }> {
  const path = /'(.*)'/.exec(await up.line(/^ {2}\. '/))?.[1] ?? '';
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const env = lines.map((line) => /^export (\w+)='(.*)'$/.exec(line)?.slice(1) as [string, string]);
  return { path, env: Object.fromEntries(env) };
}

describe.skipIf(!canTrace())(`up${canTrace() ? '' : ` (${NO_TRACE})`}`, { timeout: 90_000 }, () => {
  test('keeps queues and tables in its data folder from one start to the next', async () => {
    const { env: traced, folder, expectNothingLeft } = await trace();
    const data = join(folder, 'data');
    const first = startHere(['up', '-A', ECHO, '--data', data, '--no-worker'], { env: traced });
    const { path, env } = await addresses(first);
    expect(path).toBe(join(data, 'env'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(Object.keys(env)).toEqual(expect.arrayContaining(['CELERY_BROKER_URL', 'CELERY_RESULT_BACKEND']));
    const told = { ...traced, ...env, WORKERTOOLBOX_APP: ECHO };
    const sent = await cli(['call', 'msg.add', '-a', '[20, 22]'], { env: told });
    expect(sent).toMatchObject({ code: 0, err: '' });
    const id = sent.out.trim();
    await expect
      .poll(async () => (await cli(['family', id], { env: told })).out, { timeout: 20_000, interval: 200 })
      .toContain('msg.add • PENDING');
    first.kill('SIGINT');
    expect(await first.ended).toMatchObject({ code: 0 });
    await expectNothingLeft();
    expect(existsSync(path)).toBe(false);

    const second = startHere(['up', '-A', ECHO, '--data', data], { env: traced });
    const { env: again } = await addresses(second);
    const now = { ...traced, ...again, WORKERTOOLBOX_APP: ECHO };
    expect(await cli(['result', id, '--wait', '--timeout', '20'], { env: now })).toMatchObject({
      code: 0,
      out: 'SUCCESS  42\n',
    });
    expect((await cli(['family', id], { env: now })).out).toContain('msg.add ✔ SUCCESS');
    const busy = await cli(['up', '-A', ECHO, '--data', data, '--no-worker'], { env: traced });
    expect(busy).toMatchObject({ code: 1, out: '' });
    expect(busy.err.trimEnd().split('\n').at(-1)).toMatch(/^workertoolbox: .* in use by process \d+/);
    second.kill('SIGTERM');
    const ended = await second.ended;
    expect(ended.code).toBe(0);
    for (const secret of [env, again].flatMap(passwords)) {
      for (const text of [ended.out, ended.err, ...first.lines]) expect(text).not.toContain(secret);
    }
    await expectNothingLeft();
  });

  test('starts a worker again that was killed, and one check finds everything in order', async () => {
    const { env: traced, expectNothingLeft } = await trace();
    const up = startHere(['up', '-A', ECHO], { env: traced });
    const { env } = await addresses(up);
    const told = { ...traced, ...env, WORKERTOOLBOX_APP: ECHO };
    const check = await cli(['check', '--database', env.WORKERTOOLBOX_DATABASE ?? ''], { env: told });
    expect(check).toMatchObject({ code: 0, err: '' });
    expect(check.out).toContain('✔ the task table can be read');
    const pid = Number(/process=(\d+)/.exec(await up.line(/worker started {2}program=worker/))?.[1]);
    process.kill(pid, 'SIGKILL');
    await up.line(/worker ended .*how=SIGKILL/);
    expect(await cli(['call', 'msg.echo', '-a', '["again"]', '-w'], { env: told })).toMatchObject({
      out: 'again\n',
    });
    up.kill('SIGTERM');
    expect(await up.ended).toMatchObject({ code: 0 });
    await expectNothingLeft();
  });

  test('ends when one of its programs cannot run, saying why', async () => {
    const { env, expectNothingLeft } = await trace();
    const up = await cli(['up', '-A', ECHO], { env: { ...env, SENTRY_DSN: 'nonsense' } });
    expect(up.code).toBe(1);
    expect(up.err.trimEnd().split('\n').at(-1)).toBe(
      'workertoolbox: worker cannot run (exit code 2): environment variable SENTRY_DSN: expected https://KEY@HOST/PROJECT',
    );
    await expectNothingLeft();
  });

  test('killed without a chance to clean up, everything ends by itself', async () => {
    const { env, running, expectNothingLeft } = await trace();
    const up = startHere(['up', '-A', ECHO], { env });
    const { path } = await addresses(up);
    expect(running().length).toBeGreaterThanOrEqual(5);
    up.kill('SIGKILL');
    await up.ended;
    // The one file that nobody is left to remove.
    expect(existsSync(path)).toBe(true);
    await expectNothingLeft([path]);
  });
});

const passwords = (env: Readonly<Record<string, string>>): readonly string[] =>
  Object.values(env)
    .flatMap((text) => (URL.canParse(text) ? [new URL(text).password] : []))
    .filter((word) => word.length > 10);
