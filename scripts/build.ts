import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

/**
 * Compiles `src/` to a clean `dist/`, and the page of the dashboard into it. The new build is made beside the old one and takes its place at the end, so that
 * a program running from `dist/` meanwhile never loads half of each.
 */
const next = `dist-${process.pid}`;
const tsc = spawnSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', next], {
  stdio: 'inherit',
});
if (tsc.status === 0) {
  // What the compiler leaves behind: SQL, Lua, HTML and the like, next to the code that reads them.
  cpSync('src', next, { recursive: true, filter: (path) => !/\.tsx?$/.test(path) });
  await build({
    configFile: 'vite.config.ts',
    logLevel: 'warn',
    build: { outDir: resolve(next, 'dashboard/web') },
  });
  const main = join(next, 'cli/main.js');
  if (existsSync(main)) chmodSync(main, 0o755);
  rmSync('dist', { recursive: true, force: true });
  renameSync(next, 'dist');
} else {
  rmSync(next, { recursive: true, force: true });
  process.exitCode = 1;
}
