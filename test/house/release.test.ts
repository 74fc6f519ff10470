import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('npm run release', () => {
  let folder: string;
  let calls: string;

  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });

  /** Runs the release with an `npm` that only writes down how it was called. */
  function release(...args: string[]): { code: number | null; out: string; err: string } {
    const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [tsx, join(root, 'scripts/release.ts'), ...args],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: `${join(calls, 'bin')}${delimiter}${process.env.PATH}`, CALLS: calls },
      },
    );
    return { code: status, out: stdout, err: stderr };
  }
  const npmCalls = (): string[] =>
    readFileSync(join(calls, 'log'), 'utf8').trim().split('\n').filter(Boolean);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'release-'));
    calls = mkdtempSync(join(tmpdir(), 'release-calls-'));
    mkdirSync(join(calls, 'bin'));
    writeFileSync(join(calls, 'log'), '');
    writeFileSync(
      join(calls, 'bin/npm'),
      '#!/bin/sh\necho "$@" >> "$CALLS/log"\n[ ! -e "$CALLS/fail-$1" ]\n',
    );
    chmodSync(join(calls, 'bin/npm'), 0o755);
    writeFileSync(join(folder, 'package.json'), '{"name":"some-package","version":"1.2.3"}');
    writeFileSync(join(folder, 'CHANGELOG.md'), '## [Unreleased]\n\n## [1.2.3] - 2026-01-02\n\n- A thing.\n');
    git('init', '--quiet', '--initial-branch', 'main');
    git('add', '.');
    git('commit', '--quiet', '--message', 'First');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(calls, { recursive: true, force: true });
  });

  it('refuses a dirty tree, and does nothing', () => {
    writeFileSync(join(folder, 'left-over.txt'), '');
    const { code, err } = release();
    expect(code).toBe(1);
    expect(err).toContain('changes that no commit holds');
    expect(err).toContain('left-over.txt');
    expect(npmCalls()).toEqual([]);
  });

  it('refuses another branch, unless it is named', () => {
    git('checkout', '--quiet', '-b', 'topic');
    expect(release()).toMatchObject({
      code: 1,
      err: expect.stringContaining('made from main, this is topic'),
    });
    expect(npmCalls()).toEqual([]);
    expect(release('--dry-run', '--branch', 'topic').code).toBe(0);
  });

  it('refuses a version that is tagged or that the changelog does not know', () => {
    git('tag', 'v1.2.3');
    expect(release()).toMatchObject({ code: 1, err: expect.stringContaining('tagged already') });
    writeFileSync(join(folder, 'CHANGELOG.md'), '## [Unreleased]\n\n- A thing.\n');
    git('commit', '--quiet', '--all', '--message', 'Second');
    expect(release().err).toContain('no heading "## [1.2.3] - YYYY-MM-DD"');
    expect(npmCalls()).toEqual([]);
  });

  it('shows each step in a dry run, tests and builds, and publishes nothing', () => {
    const { code, out } = release('--dry-run');
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toEqual([
      '> npm test',
      '> npm run build',
      '> npm run check:package',
      'would run: npm publish --provenance --access public',
      'would run: git tag --annotate v1.2.3 --message some-package 1.2.3',
      'would run: git push origin v1.2.3',
    ]);
    expect(npmCalls()).toEqual(['test', 'run build', 'run check:package']);
    expect(git('tag', '--list')).toBe('');
  });

  it('publishes, then tags and pushes the tag', () => {
    const remote = join(calls, 'origin.git');
    git('init', '--quiet', '--bare', remote);
    git('remote', 'add', 'origin', remote);
    git('config', 'user.name', 'a');
    git('config', 'user.email', 'a@example.org');
    expect(release().code).toBe(0);
    expect(npmCalls().at(-1)).toBe('publish --provenance --access public');
    expect(git('ls-remote', '--tags', 'origin')).toContain('refs/tags/v1.2.3');
  });

  it('stops at the first step that fails', () => {
    writeFileSync(join(calls, 'fail-test'), '');
    expect(release()).toMatchObject({ code: 1, err: expect.stringContaining('this failed: npm test') });
    expect(npmCalls()).toEqual(['test']);
    expect(git('tag', '--list')).toBe('');
  });
});
