import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** A file that only grows. A write that fails half-way leaves the file as it was. */
export class AppendFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #syncs = new Set<Promise<void>>();
  #size: number;

  /** Keeps the first `size` bytes of the file, which is made when there is none. */
  constructor(path: string, size: number) {
    this.path = path;
    this.#descriptor = openSync(path, size === 0 ? 'w' : 'r+', 0o600);
    this.#size = size;
    ftruncateSync(this.#descriptor, size);
  }

  get size(): number {
    return this.#size;
  }

  write(text: string): void {
    const bytes = Buffer.from(text);
    let done = 0;
    try {
      while (done < bytes.length) {
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, this.#size + done);
      }
    } catch (error) {
      ftruncateSync(this.#descriptor, this.#size);
      throw error;
    }
    this.#size += bytes.length;
  }

  /** Resolves when the disk has what was written. */
  sync(): Promise<void> {
    const sync = new Promise<void>((resolve, reject) => {
      fdatasync(this.#descriptor, (error) => (error === null ? resolve() : reject(error)));
    }).finally(() => this.#syncs.delete(sync));
    this.#syncs.add(sync);
    return sync;
  }

  syncNow(): void {
    fdatasyncSync(this.#descriptor);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#syncs);
    closeSync(this.#descriptor);
  }
}
