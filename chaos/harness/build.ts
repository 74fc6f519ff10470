import { spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = `${root}artefacts/chaos/`;

/** Compiles the product and the programs of the rows, as users run them. */
export function build(): void {
  const tsc = spawnSync('node_modules/.bin/tsc', ['-p', 'chaos/tsconfig.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (tsc.status !== 0) throw new Error('the programs of the rows could not be compiled');
  // Compiled modules stand below the repository, so packages are found; package.json tells Node that they are modules.
  const manifest = `${out}package.json`;
  if (!existsSync(manifest)) symlinkSync(`${root}package.json`, manifest);
}

/** A program of `chaos/children`, compiled. */
export const compiled = (name: string): string => `${out}chaos/children/${name}.js`;
