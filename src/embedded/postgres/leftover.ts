import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Logger, ToolboxError } from '../../base/index.js';
import type { DataFolder } from './data-folder.js';

const ownerFile = (folder: DataFolder): string => join(folder.path, 'owner-pid');

async function pidIn(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function alive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Makes the folder ours. A server left over from a process that was killed is shut down first; one whose process still
 * lives is somebody's, and stays: EMBEDDED_FAILED.
 */
export async function takeOver(folder: DataFolder, logger: Logger): Promise<void> {
  const server = await pidIn(join(folder.cluster, 'postmaster.pid'));
  if (server !== undefined && alive(server)) {
    const owner = await pidIn(ownerFile(folder));
    if (owner !== undefined && alive(owner)) {
      throw new ToolboxError(
        'EMBEDDED_FAILED',
        `The database in ${folder.path} is in use by process ${owner}: stop that one, or give another folder`,
        { fields: { folder: folder.path, owner } },
      );
    }
    logger.warn({ server, folder: folder.path }, 'stopping the database server of a process that was killed');
    await end(server, folder);
  }
  await writeFile(ownerFile(folder), `${process.pid}\n`);
}

/** Gives the folder up: a clean stop leaves no owner. */
export const giveUp = (folder: DataFolder): Promise<void> => rm(ownerFile(folder), { force: true });

async function end(server: number, folder: DataFolder): Promise<void> {
  if (alive(server)) process.kill(server, 'SIGINT');
  for (let waited = 0; alive(server); waited += 50) {
    if (waited > 30_000) {
      throw new ToolboxError(
        'EMBEDDED_FAILED',
        `The database server ${server} in ${folder.path} does not stop: end it, then try again`,
        { fields: { folder: folder.path, server } },
      );
    }
    await delay(50);
  }
}
