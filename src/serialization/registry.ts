import { Accepted } from './accepted.js';
import {
  type Codec,
  DEFAULT_DECODE_BUDGET,
  type DecodeBudget,
  type Encoded,
  type LazyCodec,
} from './codec.js';
import { CodecTable } from './codec-table.js';
import { compress, compressionHeader, decompress } from './compression/index.js';
import { type JsonOptions, jsonCodec } from './json/index.js';
import { lazyMsgpackCodec } from './msgpack/index.js';
import { type PickleOptions, pickleCodec } from './pickle/index.js';
import { decodeRaw, encodeRaw } from './raw.js';
import { lazyYamlCodec } from './yaml/index.js';

/** A body with what its message says about it. */
export interface EncodedBody {
  readonly body: Uint8Array;
  /** Empty counts as `application/data`. */
  readonly contentType: string;
  /** The charset of a body that no codec reads; empty counts as `utf-8`. */
  readonly contentEncoding: string;
}

/** A body with the headers that may name its compression. */
export type MessageBody = EncodedBody & { readonly headers: Readonly<Record<string, unknown>> };

export interface DecodeOptions {
  /** `accept_content`: names or MIME types. Default `['json']`. */
  readonly accept?: readonly string[] | undefined;
  /** `accept_compression`: names or header values. Default `['gzip']`. */
  readonly acceptCompression?: readonly string[] | undefined;
  readonly budget?: DecodeBudget | undefined;
}

export interface EncodedMessage extends Encoded {
  /** Holds `compression` when the body is compressed. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The serializers of one app. */
export interface SerializerRegistry {
  /** Adds a codec, or replaces the one of that name. */
  register(codec: Codec | LazyCodec): void;
  /** The codec of that name, loaded. Rejects with CONFIG_INVALID for an unknown name, DRIVER_MISSING. */
  codec(name: string): Promise<Codec>;
  /** The content types that a list of names and types lets in. Throws CONFIG_INVALID for a name that is not registered. */
  acceptedTypes(accept: readonly string[]): ReadonlySet<string>;
  /** Throws CONTENT_DISALLOWED, in Celery's words, unless the content type is accepted. */
  checkAccept(contentType: string, accept?: readonly string[]): void;
  /**
   * Writes a value with the serializer of that name; `raw` sends bytes or text as they are. Without a name text becomes
   * `text/plain`, bytes `application/data`, all else JSON. Rejects with CONFIG_INVALID for an unknown name, ENCODE_FAILED
   * for a value it cannot write.
   */
  encode(serializer: string | null, value: unknown): Promise<Encoded>;
  /**
   * Reads a body by its content type alone. An empty body stays as it is. Without a codec, accepted content is text in
   * `contentEncoding`, or bytes. Rejects with CONTENT_DISALLOWED, DECODE_FAILED or BUDGET_EXCEEDED.
   */
  decode(message: EncodedBody, options?: DecodeOptions): Promise<unknown>;
  /** `encode`, then compression. */
  encodeMessage(
    value: unknown,
    options: { readonly serializer: string; readonly compression?: string | undefined },
  ): Promise<EncodedMessage>;
  /** Undoes the compression that the headers name, then `decode`. */
  decodeMessage(message: MessageBody, options?: DecodeOptions): Promise<unknown>;
  /**
   * `decodeMessage` for those who read thousands a second: the value itself, or a promise of it where a serializer is yet to
   * be loaded or the body is compressed. Throws, or rejects, as that does.
   */
  readMessage(message: MessageBody, options?: DecodeOptions): unknown;
}

const DEFAULT_ACCEPT: readonly string[] = ['json'];

/** A registry with every serializer of kombu's. Only JSON is read unless `accept` names more. */
export function defaultSerializers(options: JsonOptions & PickleOptions = {}): SerializerRegistry {
  return createSerializers([jsonCodec(options), pickleCodec(options), lazyYamlCodec, lazyMsgpackCodec]);
}

/** A registry with just these codecs. */
export function createSerializers(codecs: readonly (Codec | LazyCodec)[]): SerializerRegistry {
  const table = new CodecTable();
  const accepted = new Accepted(table);
  for (const codec of codecs) table.add(codec);

  const checkAccept = (contentType: string, accept = DEFAULT_ACCEPT): void =>
    accepted.check(contentType, accept);

  const read = (message: EncodedBody, options: DecodeOptions): unknown => {
    const contentType = message.contentType || 'application/data';
    checkAccept(contentType, options.accept);
    if (message.body.length === 0) return message.body;
    const budget = options.budget ?? DEFAULT_DECODE_BUDGET;
    const codec = table.forType(contentType);
    if (codec === undefined) return decodeRaw(message.body, message.contentEncoding, budget);
    return 'then' in codec
      ? codec.then((loaded) => loaded.decode(message.body, budget))
      : codec.decode(message.body, budget);
  };

  const readMessage = (message: MessageBody, options: DecodeOptions = {}): unknown => {
    const { compression } = message.headers;
    return typeof compression !== 'string' || compression === ''
      ? read(message, options)
      : unpacked(message, compression, options);
  };

  const unpacked = async (
    message: MessageBody,
    compression: string,
    options: DecodeOptions,
  ): Promise<unknown> => {
    // Refused content is not even unpacked.
    checkAccept(message.contentType || 'application/data', options.accept);
    const { budget = DEFAULT_DECODE_BUDGET, acceptCompression } = options;
    // Field by field: a delivery's are not all its own, so a spread would lose them.
    const { contentType, contentEncoding } = message;
    const body = await decompress(message.body, compression, { budget, accept: acceptCompression });
    return read({ body, contentType, contentEncoding }, options);
  };

  const encode = async (serializer: string | null, value: unknown): Promise<Encoded> => {
    if (serializer === 'raw') return encodeRaw(value);
    if (!serializer && (typeof value === 'string' || value instanceof Uint8Array))
      return encodeRaw(value, 'text/plain');
    const named = table.named(serializer || 'json');
    const codec = 'then' in named ? await named : named;
    const { contentType, contentEncoding } = codec;
    return { body: codec.encode(value), contentType, contentEncoding };
  };

  return {
    register: (codec) => table.add(codec),
    codec: async (name) => table.named(name),
    acceptedTypes: (accept) => accepted.types(accept),
    checkAccept,
    encode,
    decode: async (message, options = {}) => read(message, options),
    async encodeMessage(value, { serializer, compression }) {
      const encoded = await encode(serializer, value);
      if (!compression) return { ...encoded, headers: {} };
      return {
        ...encoded,
        body: await compress(encoded.body, compression),
        headers: { compression: compressionHeader(compression) },
      };
    },
    decodeMessage: async (message, options) => readMessage(message, options),
    readMessage,
  };
}
