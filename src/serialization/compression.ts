import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { messageOf, ToolboxError } from '../base/index.js';
import type { DecodeBudget } from './codec.js';
import { decodeFailed, overBudget } from './failures.js';

type Transform = (bytes: Uint8Array, options: object) => Promise<Buffer>;

/** Node's own function, or undefined where this Node has none. */
function native(name: string): Transform | undefined {
  const found = (zlib as unknown as Readonly<Record<string, unknown>>)[name];
  return typeof found === 'function' ? (promisify(found) as Transform) : undefined;
}

interface Method {
  /** Value of the `compression` header. */
  readonly header: string;
  readonly names: readonly string[];
  readonly compress?: string;
  readonly decompress?: string;
  /** For compressing a body of that length. */
  readonly options?: (length: number) => object;
  /** Why it cannot be used where Node has no function for it. */
  readonly missing: string;
}

/** kombu's methods (kombu/compression.py). Its `gzip` is a zlib stream; real gzip files are read as well. */
const METHODS: readonly Method[] = [
  {
    header: 'application/x-gzip',
    names: ['gzip', 'zlib'],
    compress: 'deflate',
    decompress: 'unzip',
    missing: '',
  },
  {
    header: 'application/x-brotli',
    names: ['brotli'],
    compress: 'brotliCompress',
    decompress: 'brotliDecompress',
    // The default squeezes for longer than a message can wait.
    options: () => ({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } }),
    missing: '',
  },
  {
    header: 'application/zstd',
    names: ['zstd', 'zstandard'],
    compress: 'zstdCompress',
    decompress: 'zstdDecompress',
    // Python's reader wants the size of the content in the frame.
    options: (length) => ({ pledgedSrcSize: length }),
    missing: 'zstd needs Node 22.15 or later',
  },
  { header: 'application/x-bz2', names: ['bzip2', 'bzip'], missing: 'Node has no bzip2' },
  { header: 'application/x-lzma', names: ['lzma', 'xz'], missing: 'Node has no lzma' },
];

const methodOf = (name: string): Method | undefined =>
  METHODS.find(({ header, names }) => header === name || names.includes(name));

/** The `compression` header for a name of `task_compression`. Throws CONFIG_INVALID for a name kombu does not know. */
export function compressionHeader(name: string): string {
  const method = methodOf(name);
  if (method) return method.header;
  const known = METHODS.flatMap(({ names }) => names).join(', ');
  throw new ToolboxError('CONFIG_INVALID', `Compression ${name} is unknown; use one of ${known}`, {
    fields: { compression: name },
  });
}

/** Compresses off the main thread. Throws CONFIG_INVALID, or DRIVER_MISSING for what this Node cannot do. */
export async function compress(body: Uint8Array, name: string): Promise<Uint8Array> {
  const method = methodOf(compressionHeader(name));
  return await transform(method, 'compress')(body, method?.options?.(body.length) ?? {});
}

/**
 * Undoes the compression that a message's header names, never giving more than `maxBytes`. Throws DECODE_FAILED,
 * BUDGET_EXCEEDED, or DRIVER_MISSING for what this Node cannot do.
 */
export async function decompress(body: Uint8Array, name: string, budget: DecodeBudget): Promise<Uint8Array> {
  const method = methodOf(name);
  if (!method) throw decodeFailed('compressed', `compression ${name.slice(0, 64)} is unknown`);
  const run = transform(method, 'decompress');
  try {
    return await run(body, { maxOutputLength: budget.maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw overBudget(method.header, 'maxBytes', budget);
    throw decodeFailed(method.header, messageOf(error), error);
  }
}

function transform(method: Method | undefined, direction: 'compress' | 'decompress'): Transform {
  const run = native(method?.[direction] ?? '');
  if (run) return run;
  const message = `Cannot ${direction} ${method?.header}: ${method?.missing}; use gzip, which every Python and Node has`;
  throw new ToolboxError('DRIVER_MISSING', message, { fields: { compression: method?.header } });
}
