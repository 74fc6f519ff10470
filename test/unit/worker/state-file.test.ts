import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Revokes } from '../../../src/worker/revoking/revokes.js';
import { StateFile } from '../../../src/worker/revoking/state-file.js';
import { ManualClock } from './support/manual-clock.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-'));
  path = join(folder, 'w1.state');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function opened(clock = new ManualClock()): { readonly revokes: Revokes; readonly file: StateFile } {
  const revokes = new Revokes(clock);
  const file = StateFile.open(
    path,
    () => revokes.image(),
    (image) => revokes.restore(image),
  );
  return { revokes, file };
}

test('what is revoked is known again, for as long as it had left', async () => {
  const first = opened();
  first.revokes.add(['a', 'b']);
  first.revokes.addFamilies(['root']);
  first.revokes.addStamps({ batch: ['x', 7] });
  await first.file.save();
  await first.file.close();
  expect(statSync(path).mode & 0o777).toBe(0o600);

  const clock = new ManualClock();
  await clock.advance(3_600_000);
  const second = opened(clock);
  expect(second.revokes.image()).toEqual(first.revokes.image());
  await clock.advance(7_200_001);
  second.revokes.add(['c']);
  expect(second.revokes.list()).toEqual(['c']);
  await second.file.close();
});

test('saves that come together share one writing, and the last one is in it', async () => {
  const { revokes, file } = opened();
  const saves = Array.from({ length: 50 }, (_, n) => {
    revokes.add([`id${n}`]);
    return file.save();
  });
  expect(new Set(saves).size).toBe(1);
  await Promise.all(saves);
  expect(JSON.parse(readFileSync(path, 'utf8')).ids).toHaveLength(50);
  await file.close();
});

test('a second worker is refused, and a file of another program is not touched', async () => {
  const { file } = opened();
  expect(() => opened()).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/process \d+ uses it/),
    }),
  );
  await file.close();
  writeFileSync(path, 'GDBM');
  expect(() => opened()).toThrow(/not a state file/);
  expect(readFileSync(path, 'utf8')).toBe('GDBM');
  rmSync(path);
  await opened().file.close();
});

test('kill -9 at any moment leaves every save that was reported, and no lock', async () => {
  const program = new URL('./support/revoke-for-ever.ts', import.meta.url).pathname;
  for (let turn = 0; turn < 3; turn += 1) {
    const child = fork(program, [path], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    let reported = -1;
    child.on('message', (n: number) => {
      reported = n;
      if (n > 20 + turn * 7) child.kill('SIGKILL');
    });
    await once(child, 'exit');
    const { revokes, file } = opened();
    const kept = new Set(revokes.list());
    for (let n = 0; n <= reported; n += 1) expect(kept.has(`${child.pid}-${n}`)).toBe(true);
    await file.close();
  }
});
