import type { Method } from './method.js';
import { OutputTooLarge } from './method.js';
import { driver, missingDriver } from './missing-driver.js';

/** JavaScript unpacks it a byte at a time: more than this would keep everything else waiting for too long. */
const MAX_OUTPUT = 2 * 1024 * 1024;

/** Read with an optional package; no package in JavaScript that we would trust writes it. */
export const bzip2: Method = {
  header: 'application/x-bz2',
  names: ['bzip2', 'bzip'],
  async compress() {
    throw missingDriver(this.header, 'it can be read, but not written');
  },
  async decompress(body, maxBytes) {
    const { default: bunzip } = await driver(this.header, 'seek-bzip', () => import('seek-bzip'));
    const output = new ByteOutput(Math.min(maxBytes, MAX_OUTPUT));
    bunzip.decode(body, output, true);
    return output.bytes();
  },
};

/** Takes single bytes, up to a limit. */
class ByteOutput {
  readonly #maxBytes: number;
  #buffer = Buffer.allocUnsafe(4096);
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  writeByte(byte: number): void {
    if (this.#length >= this.#maxBytes) throw new OutputTooLarge(this.#maxBytes);
    if (this.#length === this.#buffer.length) {
      this.#buffer = Buffer.concat([this.#buffer], this.#buffer.length * 2);
    }
    this.#buffer[this.#length] = byte;
    this.#length += 1;
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }
}
