import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const MAIN = join(root, 'dist/cli/main.js');

/** These tests run what is built: it is built again when a source is newer, unless only other tests were asked for. */
export default function setup(): void {
  const filters = process.argv.slice(2).filter((word) => /test|system/.test(word));
  if (
    filters.length > 0 &&
    !filters.some((word) => /system|conformance\/worker|interop\/settlement/.test(word))
  )
    return;
  if (existsSync(MAIN) && newest(join(root, 'src')) < statSync(MAIN).mtimeMs) return;
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('the package could not be built: npm run build');
}

function newest(folder: string): number {
  const found = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
  });
  return Math.max(0, ...found);
}
