import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { type Clock, messageOf, newId, ToolboxError } from '../../base/index.js';

/** What is done under the lock takes a millisecond. */
const PAUSE_MS = 2;
const PATIENCE_MS = 10_000;
/** A lock this old is one that was left behind, by a dead process at once, by any in the end. */
const DEAD_AFTER_MS = 1000;
const STALE_AFTER_MS = 5000;

/** Runs alone among the processes of this machine that use the same lock file. @throws STORE_UNREACHABLE */
export async function withFileLock<T>(path: string, clock: Clock, run: () => Promise<T>): Promise<T> {
  const mine = newId();
  const end = clock.monotonic() + PATIENCE_MS;
  while (!(await taken(path, mine))) {
    await removeIfStale(path);
    if (clock.monotonic() >= end) {
      throw new ToolboxError('STORE_UNREACHABLE', `the lock ${path} is held by another process`, {
        fields: { path },
      });
    }
    await clock.sleep(PAUSE_MS);
  }
  try {
    return await run();
  } finally {
    await rm(path, { force: true });
  }
}

async function taken(path: string, mine: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid} ${mine}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw new ToolboxError('STORE_REFUSED', `the lock ${path} cannot be made: ${messageOf(error)}`, {
      cause: error,
      fields: { path },
    });
  }
}

async function removeIfStale(path: string): Promise<void> {
  try {
    const [content, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    const age = Date.now() - mtimeMs;
    if (age < (isAlive(Number.parseInt(content, 10)) ? STALE_AFTER_MS : DEAD_AFTER_MS)) return;
    // Of several that find it stale one gets to move it; whoever moved a fresh one by that puts it back.
    const aside = `${path}.${newId()}`;
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) === content) await rm(aside, { force: true });
    else await rename(aside, path);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
