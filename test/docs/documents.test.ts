import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { pages, withSnippets } from '../../scripts/snippets.js';
import { ERROR_CODES } from '../../src/base/index.js';
import { DEFAULTS } from '../../src/toolbox/config/defaults.js';

const run = promisify(execFile);
const read = (path: string): string => readFileSync(path, 'utf8');

describe.each(pages())('%s', (page) => {
  it('shows code as it stands in the repository (npm run snippets)', () => {
    expect(read(page)).toBe(withSnippets(read(page)));
  });

  it('has TypeScript only from files', () => {
    const blocks = read(page).match(/```ts\n/g)?.length ?? 0;
    const marked = read(page).match(/-->\n```ts\n/g)?.length ?? 0;
    expect(blocks).toBe(marked);
  });

  it('links to files that exist', () => {
    const links = [...read(page).matchAll(/\]\(([^)#]+?)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? '');
    const missing = links.filter(
      (target) => !/^https?:/.test(target) && !existsSync(join(dirname(page), target)),
    );
    expect(missing).toEqual([]);
  });
});

describe.each(['examples/hello.ts', 'examples/workflow.ts'])('%s', (example) => {
  it('prints what its comments say', async () => {
    const said = [...read(example).matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
    const { stdout } = await run(process.execPath, ['--import', 'tsx', example], { timeout: 60_000 });
    expect(said.length).toBeGreaterThan(0);
    expect(stdout.trim().split('\n')).toEqual(said);
  });
});

it('the error page has a line for every code, and for no other', () => {
  const described = [...read('docs/reference/errors.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(
    ([, code]) => code,
  );
  expect(described.sort()).toEqual([...ERROR_CODES].sort());
});

it('the architecture page names files that exist', () => {
  const text = read('docs/architecture.md');
  const named = [...text.matchAll(/`([a-z-]+(?:\/[a-z-]+)*\.ts)`/g)].map(([, path]) => path ?? '');
  const missing = named.filter(
    (path) => !existsSync(join('src', path)) && !existsSync(join('src/worker', path)),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});

it('the configuration page tells every default of Config', () => {
  const text = read('docs/guides/configuration.md');
  const scalars = Object.entries(DEFAULTS).filter(
    ([, value]) => typeof value === 'string' || typeof value === 'number',
  );
  expect(scalars.map(([, value]) => String(value)).filter((value) => !text.includes(value))).toEqual([]);
});
