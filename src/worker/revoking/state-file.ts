import { existsSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, ToolboxError, takeLock } from '../../base/index.js';
import type { Stamped } from './limited-set.js';
import type { RevokesImage } from './revokes.js';

const FORMAT = 'workertoolbox-worker-state';
const VERSION = 1;

interface Content extends RevokesImage {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
}

/**
 * The file in which what is revoked outlives the worker (`worker_state_db`). It is replaced as a whole, so that it is
 * complete at any moment, also after kill -9, and belongs to one worker at a time. Its format is our own: Python's
 * workers keep a file of theirs.
 */
export class StateFile {
  readonly #path: string;
  readonly #image: () => RevokesImage;
  readonly #unlock: () => void;
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  private constructor(path: string, image: () => RevokesImage, unlock: () => void) {
    this.#path = path;
    this.#image = image;
    this.#unlock = unlock;
  }

  /**
   * Takes the file and hands what it holds to `restore`; `image` gives what to write.
   *
   * @throws ToolboxError CONFIG_INVALID when another worker has it, or it is no file of ours.
   */
  static open(path: string, image: () => RevokesImage, restore: (image: RevokesImage) => void): StateFile {
    const unlock = lock(path);
    try {
      const kept = read(path);
      if (kept !== undefined) restore(kept);
    } catch (error) {
      unlock();
      throw error;
    }
    return new StateFile(path, image, unlock);
  }

  /** Resolves when the file holds what is revoked now. Calls made while it is written share the next writing. */
  save(): Promise<void> {
    this.#next ??= this.#writing
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#writing = write(this.#path, this.#image());
        return this.#writing;
      });
    return this.#next;
  }

  async close(): Promise<void> {
    try {
      await this.save();
    } finally {
      this.#unlock();
    }
  }
}

function lock(path: string): () => void {
  try {
    return takeLock(`${path}.lock`, (holder) =>
      refusal(
        path,
        holder === undefined
          ? 'its lock cannot be taken'
          : `process ${holder} uses it; give each worker a file of its own, as with %n`,
      ),
    );
  } catch (error) {
    if (error instanceof ToolboxError) throw error;
    throw refusal(path, messageOf(error), error);
  }
}

function read(path: string): RevokesImage | undefined {
  if (!existsSync(path)) return undefined;
  let content: Partial<Content>;
  try {
    content = JSON.parse(readFileSync(path, 'utf8')) as Partial<Content>;
  } catch (error) {
    throw refusal(path, 'it is not a state file of this program; use another name', error);
  }
  const { format, version, ids, families, stamps } = content;
  if (format !== FORMAT || version !== VERSION || !isList(ids) || !isList(families) || !isList(stamps)) {
    throw refusal(path, `expected a state file of version ${VERSION}; use another name`);
  }
  return { ids, families, stamps };
}

const isList = (value: unknown): value is readonly Stamped[] =>
  Array.isArray(value) &&
  value.every((one) => Array.isArray(one) && typeof one[0] === 'string' && typeof one[1] === 'number');

async function write(path: string, image: RevokesImage): Promise<void> {
  const content: Content = { format: FORMAT, version: VERSION, ...image };
  const fresh = `${path}.new`;
  const file = await open(fresh, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(content));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  await syncFolder(dirname(path));
}

/** The new name must survive a power cut too; not every system lets a folder be opened. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  try {
    await folder?.sync();
  } catch {
    // The file itself is on disk.
  } finally {
    await folder?.close();
  }
}

const refusal = (path: string, why: string, cause?: unknown): ToolboxError =>
  new ToolboxError('CONFIG_INVALID', `worker_state_db: ${path} cannot be used: ${why}`, {
    cause,
    fields: { path },
  });
