import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, ToolboxError } from '../../base/index.js';
import type { PostgresBinaries } from './binaries.js';
import type { RunAs } from './run-as.js';

const run = promisify(execFile);

/** A folder with a database cluster in it, and beside the cluster what the next start must know. */
export interface DataFolder {
  readonly path: string;
  readonly cluster: string;
  readonly password: string;
  /** Removed at stop. */
  readonly temporary: boolean;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Opens the folder, making the cluster when there is none yet. Without a path: a new folder among the temporary files. */
export async function openDataFolder(
  path: string | undefined,
  binaries: PostgresBinaries,
  as: RunAs,
): Promise<DataFolder> {
  const temporary = path === undefined;
  const folder = temporary ? await mkdtemp(join(tmpdir(), 'workertoolbox-pg-')) : resolve(path);
  try {
    await mkdir(folder, { recursive: true });
    if (as.uid !== undefined && as.gid !== undefined) await chown(folder, as.uid, as.gid);
  } catch (error) {
    throw new ToolboxError(
      'EMBEDDED_FAILED',
      `${folder} cannot be used as data folder: ${messageOf(error)}`,
      {
        cause: error,
        fields: { folder },
      },
    );
  }
  const cluster = join(folder, 'cluster');
  const passwordFile = join(folder, 'superuser-password');
  // initdb is the slow step and may have been cut off: the password file's presence says that it went through.
  if ((await exists(join(cluster, 'PG_VERSION'))) && (await exists(passwordFile))) {
    return { path: folder, cluster, temporary, password: (await readFile(passwordFile, 'utf8')).trim() };
  }
  const password = randomBytes(18).toString('base64url');
  await initialise(folder, cluster, password, binaries, as);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  return { path: folder, cluster, password, temporary };
}

async function initialise(
  folder: string,
  cluster: string,
  password: string,
  binaries: PostgresBinaries,
  as: RunAs,
): Promise<void> {
  const handover = join(folder, 'initdb-password');
  await writeFile(handover, `${password}\n`, { mode: 0o600 });
  if (as.uid !== undefined && as.gid !== undefined) await chown(handover, as.uid, as.gid);
  const flags = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${handover}`, '--no-instructions'];
  // The built-in locale: the same order and case rules on every machine, whatever its own locales are.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  try {
    await run(binaries.initdb, [`--pgdata=${cluster}`, '--no-sync', ...flags, ...locale], {
      ...as,
      cwd: folder,
    });
  } catch (error) {
    const stderr = (error as { stderr?: string }).stderr?.trim();
    throw new ToolboxError(
      'EMBEDDED_FAILED',
      `No database could be made in ${cluster}${as.uid === undefined ? '' : ` as user number ${as.uid}`}. The folder must be empty, ` +
        `and it and the installed package must be reachable for that user. ${stderr || messageOf(error)}`,
      { cause: error, fields: { folder: cluster } },
    );
  } finally {
    await rm(handover, { force: true });
  }
}
