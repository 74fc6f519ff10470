import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { type Method, OutputTooLarge } from './method.js';
import { missingDriver } from './missing-driver.js';
import { readZstd } from './read-zstd.js';

type Transform = (bytes: Uint8Array, options: object) => Promise<Buffer>;

/** Node's own function, or undefined where this Node has none. */
function native(name: string): Transform | undefined {
  const found = (zlib as unknown as Readonly<Record<string, unknown>>)[name];
  return typeof found === 'function' ? (promisify(found) as Transform) : undefined;
}

const [zstdCompress, zstdDecompress] = [native('zstdCompress'), native('zstdDecompress')];
const [deflate, unzip] = [promisify(zlib.deflate), promisify(zlib.unzip)] as Transform[] as [
  Transform,
  Transform,
];
const [pack, unpack] = [promisify(zlib.brotliCompress), promisify(zlib.brotliDecompress)] as Transform[] as [
  Transform,
  Transform,
];

async function bounded(run: Transform, body: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  try {
    return await run(body, { maxOutputLength: maxBytes });
  } catch (error) {
    throw error instanceof RangeError ? new OutputTooLarge(maxBytes) : error;
  }
}

/** kombu's `gzip` is a zlib stream; real gzip files are read as well. */
export const gzip: Method = {
  header: 'application/x-gzip',
  names: ['gzip', 'zlib'],
  compress: (body) => deflate(body, {}),
  decompress: (body, maxBytes) => bounded(unzip, body, maxBytes),
};

export const brotli: Method = {
  header: 'application/x-brotli',
  names: ['brotli'],
  // The default squeezes for longer than a message can wait.
  compress: (body) => pack(body, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } }),
  decompress: (body, maxBytes) => bounded(unpack, body, maxBytes),
};

export const zstd: Method = {
  header: 'application/zstd',
  names: ['zstd', 'zstandard'],
  async compress(body) {
    if (zstdCompress === undefined) throw missingDriver(this.header, 'writing it needs Node 22.15 or later');
    // Python's reader wants the size of the content in the frame.
    return zstdCompress(body, { pledgedSrcSize: body.length });
  },
  decompress: (body, maxBytes) =>
    zstdDecompress ? bounded(zstdDecompress, body, maxBytes) : readZstd(body, maxBytes),
};
