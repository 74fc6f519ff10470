import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Zippable, zip } from 'fflate';
import type { OnProgress } from './writer.js';

/** Every file below `path`, with its name in the archive; a folder keeps its name. */
async function filesIn(path: string, name = basename(path)): Promise<readonly (readonly [string, string])[]> {
  if (!(await stat(path)).isDirectory()) return [[name, path]];
  const entries = (await readdir(path)).sort();
  const found = await Promise.all(entries.map((entry) => filesIn(join(path, entry), `${name}/${entry}`)));
  return found.flat();
}

/**
 * Packs files and folders into the archive `target`, and gives its path. Two of the same name are an error: one would
 * hide the other.
 */
export async function writeZip(
  paths: readonly string[],
  target: string,
  onProgress: OnProgress = () => {},
): Promise<string> {
  const files = (await Promise.all(paths.map((path) => filesIn(path)))).flat();
  const content: Zippable = {};
  for (const [index, [name, path]] of files.entries()) {
    if (Object.hasOwn(content, name)) throw new Error(`${target} would hold ${name} twice`);
    content[name] = [await readFile(path), { mtime: (await stat(path)).mtime }];
    await onProgress(index + 1, files.length + 1);
  }
  const bytes = await new Promise<Uint8Array>((resolve, reject) => {
    zip(content, { level: 6 }, (error, data) => (error === null ? resolve(data) : reject(error)));
  });
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, bytes);
  await onProgress(files.length + 1, files.length + 1);
  return target;
}
