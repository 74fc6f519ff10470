import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryTestRunners } from './test-runners.js';

/**
 * Checks the package as a user gets it: what its `exports` promise, how its types resolve, and that a packed copy,
 * installed into an empty folder, can be imported and its command started. Works on the `dist/` that is there.
 */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

function run(cwd: string, command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')}\n${error?.message ?? ''}${stdout}${stderr}`);
}

/** A user's program that imports every entry, compiled with our compiler: declarations must stand on their own. */
function compileConsumer(): void {
  const names = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'));
  const lines = names.map(
    (path, index) => `export * as e${index} from '${path.replace(/^\./, manifest.name)}';`,
  );
  writeFileSync(join(folder, 'consumer.ts'), `${lines.join('\n')}\n`);
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
  const types = ['--typeRoots', join(process.cwd(), 'node_modules/@types')];
  run(
    folder,
    process.execPath,
    join(process.cwd(), 'node_modules/typescript/bin/tsc'),
    ...options,
    ...types,
    'consumer.ts',
  );
}

const folder = mkdtempSync(join(tmpdir(), 'package-'));
try {
  run('.', 'node_modules/.bin/publint', '--strict');
  console.log('publint: the manifest and its files agree');

  const [packed] = JSON.parse(
    run('.', 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder),
  ) as [{ filename: string; files: { path: string }[]; unpackedSize: number }];
  const strangers = packed.files
    .map(({ path }) => path)
    .filter((path) => /(^|\/)(test|\.env|node_modules)\//.test(path));
  if (strangers.length > 0) throw new Error(`packed, and should not be: ${strangers.join(', ')}`);
  const tarball = join(folder, packed.filename);
  console.log(`npm pack: ${packed.files.length} files, ${Math.round(packed.unpackedSize / 1024)} KiB`);

  run('.', 'node_modules/.bin/attw', tarball, '--profile', 'esm-only');
  console.log('attw: types resolve for every entry');

  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  run(folder, 'npm', 'install', '--omit=dev', '--no-audit', '--no-fund', tarball);
  for (const path of Object.keys(manifest.exports)) {
    if (path.endsWith('.json')) continue;
    const name = path.replace(/^\./, manifest.name);
    const code = `const all = await import('${name}'); if (Object.keys(all).length === 0) throw new Error('${name} exports nothing');`;
    run(folder, process.execPath, '--input-type=module', '--eval', code);
    console.log(`import ${name}: ok`);
  }
  compileConsumer();
  console.log('declarations: compile in a strict project without skipLibCheck');
  for (const command of Object.keys(manifest.bin)) {
    const version = run(folder, join('node_modules/.bin', command), '--version').trim();
    if (!version.includes(manifest.version)) {
      throw new Error(`${command} --version: expected ${manifest.version}, got ${version}`);
    }
    console.log(`${command} --version: ${version}`);
  }
  tryTestRunners(folder, run);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
