import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Logger, messageOf, newId, ToolboxError } from '../../../base/index.js';
import type { Payload, PayloadStore } from './payload-store.js';
import { fileOf, filePointer } from './pointer.js';

const NAME = /^[0-9a-f-]{36}$/;
/** SQS keeps no message longer than 14 days: a file older than that belongs to none. */
const ORPHAN_MS = 15 * 24 * 3600 * 1000;

/** Payloads as files of a folder that all producers and workers share. */
export class FolderStore implements PayloadStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(text: string): Promise<string> {
    const file = newId();
    const path = join(this.#folder, file);
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      // Whole or not at all, also for whoever looks right now.
      await writeFile(`${path}.part`, text, { mode: 0o600, flush: true });
      await rename(`${path}.part`, path);
    } catch (cause) {
      throw this.#failure('write to', cause);
    }
    return filePointer(file);
  }

  async get(pointer: string): Promise<Payload> {
    const path = this.#pathOf(pointer);
    if (path === undefined) return { problem: 'its body is not kept in the folder of large_payloads' };
    try {
      return { text: await readFile(path, 'utf8') };
    } catch (cause) {
      if (isMissing(cause)) return { problem: `its body, ${path}, is gone` };
      throw this.#failure('read from', cause);
    }
  }

  async remove(pointer: string): Promise<void> {
    const path = this.#pathOf(pointer);
    if (path !== undefined) await rm(path, { force: true });
  }

  /** Removes what no message can point to any more. Never rejects. */
  async sweep(clock: Clock, logger: Logger): Promise<void> {
    try {
      for (const name of await readdir(this.#folder)) {
        if (!NAME.test(name.replace(/\.part$/, ''))) continue;
        const path = join(this.#folder, name);
        const { mtimeMs } = await stat(path);
        if (mtimeMs + ORPHAN_MS < clock.now()) await rm(path, { force: true });
      }
    } catch (error) {
      if (!isMissing(error))
        logger.warn({ error: messageOf(error) }, 'large_payloads: old files are not removed');
    }
  }

  close(): void {}

  /** Nothing but our own names: a message must not name any other file. */
  #pathOf(pointer: string): string | undefined {
    const file = fileOf(pointer);
    return file !== undefined && NAME.test(file) ? join(this.#folder, file) : undefined;
  }

  #failure(verb: string, cause: unknown): ToolboxError {
    return new ToolboxError(
      'BROKER_UNREACHABLE',
      `large_payloads: cannot ${verb} folder ${this.#folder}: ${messageOf(cause)}`,
      { cause, fields: { folder: this.#folder } },
    );
  }
}

const isMissing = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'ENOENT';
