import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALLOWED, PLANTED } from './planted-violations.js';

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly error: number;
    readonly violations: readonly { from: string; to: string; rule: { name: string } }[];
  };
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const config = join(root, '.dependency-cruiser.cjs');
const require = createRequire(import.meta.url);
const { forbidden } = require(config) as { forbidden: { name: string }[] };

function cruise(cwd: string, ...folders: string[]): Promise<Cruise> {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [bin, ...folders, '--config', config, '--output-type', 'json'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 1 << 28 }, (error, stdout) => {
      // Exit code is the number of violations: only an unreadable answer is a failure of the tool.
      if (stdout.startsWith('{')) resolve(JSON.parse(stdout) as Cruise);
      else reject(error ?? new Error('no output'));
    });
  });
}

describe('the floors', () => {
  let tree: string;
  let planted: Cruise;

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'floors-'));
    const files = new Map<string, string>();
    for (const { from, imports, to } of [...PLANTED, ...ALLOWED]) {
      files.set(from, `${files.get(from) ?? ''}${imports};\n`);
      if (to !== undefined && !files.has(to)) files.set(to, '');
    }
    files.set('tsconfig.json', '{}');
    files.set('package.json', '{"type":"module","devDependencies":{"only-dev":"1.0.0"}}');
    files.set('node_modules/only-dev/package.json', '{"name":"only-dev","type":"module","main":"index.js"}');
    files.set('node_modules/only-dev/index.js', 'export {};\n');
    for (const [name, text] of files) {
      await mkdir(dirname(join(tree, name)), { recursive: true });
      await writeFile(join(tree, name), name.endsWith('.ts') ? `${text}export {};\n` : text);
    }
    planted = await cruise(tree, 'src', 'web');
  });

  afterAll(() => rm(tree, { recursive: true, force: true }));

  it.each(PLANTED)('$rule: finds $imports in $from', ({ rule, from }) => {
    const found = planted.summary.violations.filter((violation) => violation.rule.name === rule);
    expect(found.map((violation) => violation.from)).toContain(from);
  });

  it('has a planted violation for every rule', () => {
    const names = new Set(PLANTED.map(({ rule }) => rule));
    expect(forbidden.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
  });

  it('lets allowed imports pass', () => {
    const clean = planted.summary.violations.filter((violation) => /allowed/.test(violation.from));
    expect(planted.modules.map(({ source }) => source)).toContain('src/toolbox/setup-allowed.ts');
    expect(clean).toEqual([]);
  });

  it('are kept, and every file of src was seen', async () => {
    const real = await cruise(root, 'src');
    const seen = new Set(real.modules.map(({ source }) => source));
    const files = (await readdir(join(root, 'src'), { recursive: true }))
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => `src/${file}`);
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => !seen.has(file))).toEqual([]);
    const broken = real.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
    expect(broken).toEqual([]);
  });
});
