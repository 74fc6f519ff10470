import { spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = `${root}artefacts/bench/`;

/** Compiles the product and the measured programs, as users run them: no loader in the way of start-up and memory. */
export function build(): void {
  const tsc = spawnSync('node_modules/.bin/tsc', ['-p', 'bench/tsconfig.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (tsc.status !== 0) throw new Error('the benchmark could not be compiled');
  // Compiled modules stand below the repository, so packages are found; package.json tells Node that they are modules.
  const manifest = `${out}package.json`;
  if (!existsSync(manifest)) symlinkSync(`${root}package.json`, manifest);
}

/** A measured program, compiled. */
export const compiled = (name: string): string => `${out}bench/children/${name}.js`;

export const peersFolder = `${root}bench/peers`;
