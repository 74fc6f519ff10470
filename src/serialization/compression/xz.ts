import { type Method, Output } from './method.js';
import { driver, missingDriver } from './missing-driver.js';

/** Read with an optional package (WebAssembly, piece by piece); it does not write. */
export const xz: Method = {
  header: 'application/x-lzma',
  names: ['lzma', 'xz'],
  async compress() {
    throw missingDriver(this.header, 'it can be read, but not written');
  },
  async decompress(body, maxBytes) {
    const { default: package_ } = await driver(this.header, 'xz-decompress', () => import('xz-decompress'));
    const output = new Output(maxBytes);
    for await (const piece of new package_.XzReadableStream(new Blob([body]).stream()))
      output.add(piece.slice());
    return output.bytes();
  },
};
