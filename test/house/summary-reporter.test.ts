import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const reporter = join(root, 'scripts/summary-reporter.ts');

describe('the summary of a test run', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'summary-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Runs `text` as a test file with our reporter alone. */
  async function run(text: string, env: Record<string, string> = {}): Promise<{ code: number; out: string }> {
    await writeFile(join(folder, 'a.test.js'), text);
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const args = [vitest, 'run', '--root', folder, '--globals', `--reporter=${reporter}`];
    return new Promise((resolve) => {
      execFile(process.execPath, args, { env: { PATH: process.env.PATH, ...env } }, (error, stdout) =>
        resolve({ code: error === null ? 0 : Number(error.code), out: stdout.trimEnd() }),
      );
    });
  }

  const skips = `
    it('passes', () => {});
    it('says why', (context) => context.skip('needs a moon'));
    describe.skip('on a cat (cats cannot (ever) swim)', () => { it('swims', () => {}); });
  `;

  it('ends with the plain line, after the skips by reason', async () => {
    const { code, out } = await run(skips);
    expect(code).toBe(0);
    expect(out.split('\n').at(-1)).toBe('1 passed, 0 failed, 2 skipped');
    expect(out).toContain('  needs a moon\n    a.test.js > says why\n');
    expect(out).toContain('  cats cannot (ever) swim\n    a.test.js > on a cat');
  });

  it('fails in CI for a skip that needs something, not for one that cannot be', async () => {
    const { code, out } = await run(skips, { CI: 'true' });
    expect(code).toBe(1);
    expect(out.split('\n').at(-1)).toBe('1 passed, 1 failed, 1 skipped');
  });

  it('fails in CI for a skip without a reason', async () => {
    const { code, out } = await run(`it.skip('later', () => {}); it('passes', () => {});`, { CI: 'true' });
    expect(code).toBe(1);
    expect(out.split('\n').at(-1)).toBe('1 passed, 1 failed, 0 skipped');
  });

  it('counts files that do not load, hooks that fail and errors nobody caught', async () => {
    expect((await run(`throw new Error('no');`)).out).toMatch(/\n0 passed, 1 failed, 0 skipped$/);
    const hook = `describe('x', () => { beforeAll(() => { throw new Error('no'); }); it('y', () => {}); });`;
    expect((await run(hook)).out).toMatch(/failed, \d skipped$/);
    expect((await run(hook)).code).toBe(1);
    const stray = `it('y', async () => { void Promise.reject(new Error('no')); await new Promise(setImmediate); });`;
    const { code, out } = await run(stray);
    expect(out).toMatch(/\n1 passed, 1 failed, 0 skipped$/);
    expect(code).toBe(1);
  });

  it('writes the line to a file when asked', async () => {
    const file = join(folder, 'line.txt');
    const { out } = await run(`it('passes', () => {});`, { WORKERTOOLBOX_SUMMARY_FILE: file });
    expect(out).not.toContain('1 passed');
    expect(await readFile(file, 'utf8')).toBe('1 passed, 0 failed, 0 skipped\n');
  });
});
