import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface EnvironmentFile {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * A file for the shells of this user alone: addresses hold passwords, which belong on no screen and in no scroll-back.
 * Without a folder it lies among the temporary files.
 */
export async function writeEnvironmentFile(
  folder: string | undefined,
  content: string,
): Promise<EnvironmentFile> {
  const parent = folder === undefined ? await mkdtemp(join(tmpdir(), 'workertoolbox-up-')) : resolve(folder);
  const path = join(parent, 'env');
  await rm(path, { force: true });
  await writeFile(path, content, { mode: 0o600 });
  return { path, remove: () => rm(folder === undefined ? parent : path, { recursive: true, force: true }) };
}
