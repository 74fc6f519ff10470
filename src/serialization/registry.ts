import { ToolboxError } from '../base/index.js';
import { type Codec, DEFAULT_DECODE_BUDGET, type DecodeBudget, type Encoded } from './codec.js';
import { compress, compressionHeader, decompress } from './compression.js';
import { checkBytes, decodeFailed } from './failures.js';
import { type JsonOptions, jsonCodec } from './json/index.js';
import { type PickleOptions, pickleCodec } from './pickle/index.js';
import { asBuffer, decodeUtf8 } from './text.js';

/** A body with what its message says about it. */
export interface EncodedBody {
  readonly body: Uint8Array;
  /** Empty counts as `application/data`. */
  readonly contentType: string;
  /** The charset of a body that no codec reads; empty counts as `utf-8`. */
  readonly contentEncoding: string;
}

export interface DecodeOptions {
  /** `accept_content`: names or MIME types. Default `['json']`. */
  readonly accept?: readonly string[] | undefined;
  readonly budget?: DecodeBudget | undefined;
}

export interface EncodedMessage extends Encoded {
  /** Holds `compression` when the body is compressed. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The serializers of one app. */
export interface SerializerRegistry {
  /** Adds a codec, or replaces the one of that name. */
  register(codec: Codec): void;
  /** By name or MIME type. */
  get(nameOrType: string): Codec | undefined;
  /** Throws CONTENT_DISALLOWED, in Celery's words, unless the content type is accepted. */
  checkAccept(contentType: string, accept?: readonly string[]): void;
  /**
   * Writes a value with the serializer of that name; `raw` sends bytes or text as they are. Throws CONFIG_INVALID for an
   * unknown name, ENCODE_FAILED for a value it cannot write.
   */
  encode(serializer: string, value: unknown): Encoded;
  /**
   * Reads a body by its content type alone. An empty body stays as it is. Without a codec, accepted content is text in
   * `contentEncoding`, or bytes. Throws CONTENT_DISALLOWED, DECODE_FAILED or BUDGET_EXCEEDED.
   */
  decode(message: EncodedBody, options?: DecodeOptions): unknown;
  /** `encode`, then compression. */
  encodeMessage(
    value: unknown,
    options: { readonly serializer: string; readonly compression?: string | undefined },
  ): Promise<EncodedMessage>;
  /** Undoes the compression that the headers name, then `decode`. */
  decodeMessage(
    message: EncodedBody & { readonly headers: Readonly<Record<string, unknown>> },
    options?: DecodeOptions,
  ): Promise<unknown>;
}

/** Content that needs no decoder and is never refused. */
const TRUSTED: ReadonlySet<string> = new Set(['application/data', 'application/text']);
const DEFAULT_ACCEPT: readonly string[] = ['json'];

/** A registry with json and pickle. Pickle is read only where `accept` names it. */
export function defaultSerializers(options: JsonOptions & PickleOptions = {}): SerializerRegistry {
  return createSerializers([jsonCodec(options), pickleCodec(options)]);
}

/** A registry with just these codecs. */
export function createSerializers(codecs: readonly Codec[]): SerializerRegistry {
  const byKey = new Map<string, Codec>();
  const register = (codec: Codec): void => {
    byKey.set(codec.name, codec);
    byKey.set(codec.contentType, codec);
  };
  codecs.forEach(register);

  const checkAccept = (contentType: string, accept = DEFAULT_ACCEPT): void => {
    const name = byKey.get(contentType)?.name ?? contentType;
    if (TRUSTED.has(contentType) || accept.includes(contentType) || accept.includes(name)) return;
    throw new ToolboxError(
      'CONTENT_DISALLOWED',
      `Refusing to deserialize untrusted content of type ${name} (${contentType})`,
      { fields: { contentType, accept: [...accept] } },
    );
  };

  const decode = (message: EncodedBody, options: DecodeOptions = {}): unknown => {
    const contentType = message.contentType || 'application/data';
    checkAccept(contentType, options.accept);
    if (message.body.length === 0) return message.body;
    const budget = options.budget ?? DEFAULT_DECODE_BUDGET;
    const codec = byKey.get(contentType);
    return codec ? codec.decode(message.body, budget) : decodeText(message, budget);
  };

  const encode = (serializer: string, value: unknown): Encoded => {
    if (serializer === 'raw') return encodeRaw(value);
    const codec = byKey.get(serializer);
    if (codec) {
      const { contentType, contentEncoding } = codec;
      return { body: codec.encode(value), contentType, contentEncoding };
    }
    const known = [...new Set([...byKey.values()].map(({ name }) => name)), 'raw'].join(', ');
    throw new ToolboxError('CONFIG_INVALID', `Serializer ${serializer} is unknown; use one of ${known}`, {
      fields: { serializer },
    });
  };

  return {
    register,
    get: (nameOrType) => byKey.get(nameOrType),
    checkAccept,
    encode,
    decode,
    async encodeMessage(value, { serializer, compression }) {
      const encoded = encode(serializer, value);
      if (!compression) return { ...encoded, headers: {} };
      const header = compressionHeader(compression);
      return {
        ...encoded,
        body: await compress(encoded.body, compression),
        headers: { compression: header },
      };
    },
    async decodeMessage(message, options = {}) {
      const { compression } = message.headers;
      if (typeof compression !== 'string' || compression === '') return decode(message, options);
      // Refused content is not even unpacked.
      checkAccept(message.contentType || 'application/data', options.accept);
      const budget = options.budget ?? DEFAULT_DECODE_BUDGET;
      // Field by field: a delivery's are not all its own, so a spread would lose them.
      const { body, contentType, contentEncoding } = message;
      return decode(
        { body: await decompress(body, compression, budget), contentType, contentEncoding },
        options,
      );
    },
  };
}

function encodeRaw(value: unknown): Encoded {
  const contentType = 'application/data';
  if (typeof value === 'string')
    return { body: Buffer.from(value, 'utf8'), contentType, contentEncoding: 'utf-8' };
  if (value instanceof Uint8Array) return { body: value, contentType, contentEncoding: 'binary' };
  throw new ToolboxError('ENCODE_FAILED', '$ cannot be written as raw: it takes text or bytes only', {
    fields: { path: '$', format: 'raw' },
  });
}

const BINARY: ReadonlySet<string> = new Set(['binary', 'ascii-8bit']);
const LATIN1: ReadonlySet<string> = new Set(['latin-1', 'latin1', 'iso-8859-1']);
const UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'ascii', 'us-ascii']);

function decodeText({ body, contentEncoding }: EncodedBody, budget: DecodeBudget): unknown {
  checkBytes('raw', body, budget);
  const charset = (contentEncoding || 'utf-8').toLowerCase();
  if (BINARY.has(charset)) return body;
  if (LATIN1.has(charset)) return asBuffer(body).toString('latin1');
  const text = UTF8.has(charset) ? decodeUtf8(body) : undefined;
  if (text === undefined)
    throw decodeFailed('raw', `it is not ${charset.slice(0, 32)} text that we can read`);
  return text;
}
