import {
  type Codec,
  compress,
  compressionHeader,
  DEFAULT_DECODE_BUDGET,
  decompress,
  defaultSerializers,
  type SerializerRegistry,
} from '../serialization/index.js';

/** Celery's mark of a compressed payload: `mark + header of the method + NUL + body` (5.7). */
const MARK = Buffer.from('\0celery-compressed\0');
const EVERY_METHOD = ['gzip', 'bzip2', 'lzma', 'brotli', 'zstd'];

/** How values are written in a store that keeps bytes, and read. */
export interface PayloadFormat {
  readonly serializer: string;
  /** At once, so that what the task does to its value afterwards changes nothing. Throws ENCODE_FAILED. */
  encode(value: unknown): Uint8Array;
  /** After `encode`, where results are compressed. */
  readonly compress: ((bytes: Uint8Array) => Promise<Uint8Array>) | undefined;
  /** Rejects with DECODE_FAILED, BUDGET_EXCEEDED or DRIVER_MISSING. */
  decode(bytes: Uint8Array): Promise<unknown>;
}

/** The format of `result_serializer` and `result_compression`. Rejects with CONFIG_INVALID. */
export async function payloadFormat(
  options: Readonly<Record<string, unknown>>,
  serializers: SerializerRegistry = defaultSerializers(),
): Promise<PayloadFormat> {
  const { result_serializer: name } = options;
  const codec: Codec = await serializers.codec(typeof name === 'string' ? name : 'json');
  const { result_compression: method } = options;
  const mark = typeof method === 'string' && method !== '' ? markOf(method) : undefined;
  return {
    serializer: codec.name,
    encode: (value) => codec.encode(value),
    compress: mark && (async (bytes) => Buffer.concat([mark, await compress(bytes, String(method))])),
    decode: async (bytes) => codec.decode(await plain(bytes), DEFAULT_DECODE_BUDGET),
  };
}

const markOf = (method: string): Buffer =>
  Buffer.concat([MARK, Buffer.from(`${compressionHeader(method)}\0`)]);

/** What is compressed says so itself: it is read whatever the setting is. */
async function plain(bytes: Uint8Array): Promise<Uint8Array> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!buffer.subarray(0, MARK.length).equals(MARK)) return bytes;
  const end = buffer.indexOf(0, MARK.length);
  const method = buffer.toString('latin1', MARK.length, end);
  return decompress(buffer.subarray(end + 1), method, {
    budget: DEFAULT_DECODE_BUDGET,
    accept: EVERY_METHOD,
  });
}
