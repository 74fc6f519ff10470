import { ToolboxError } from '../base/index.js';
import { type ContentNames, RAW } from './accepted.js';
import type { Codec, LazyCodec } from './codec.js';

interface Entry {
  readonly source: Codec | LazyCodec;
  ready?: Codec;
}

/** The codecs of one registry by name and by content type, loaded when they are first used. */
export class CodecTable implements ContentNames {
  readonly #byName = new Map<string, Entry>();
  readonly #byType = new Map<string, Entry>();

  add(source: Codec | LazyCodec): void {
    const entry: Entry = 'load' in source ? { source } : { source, ready: source };
    this.#byName.set(source.name, entry);
    this.#byType.set(source.contentType, entry);
  }

  typeOf(name: string): string | undefined {
    return this.#byName.get(name)?.source.contentType;
  }

  nameOf(contentType: string): string | undefined {
    return this.#byType.get(contentType)?.source.name;
  }

  names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /** The codec for a content type; undefined when there is none, a promise while it has yet to be loaded. */
  forType(contentType: string): Codec | Promise<Codec> | undefined {
    const entry = this.#byType.get(contentType);
    return entry && open(entry);
  }

  /** The codec of that name. Throws CONFIG_INVALID when there is none. */
  named(name: string): Codec | Promise<Codec> {
    const entry = this.#byName.get(name);
    if (entry !== undefined) return open(entry);
    const known = [...this.names(), RAW].join(', ');
    throw new ToolboxError('CONFIG_INVALID', `Serializer ${name} is unknown; use one of ${known}`, {
      fields: { serializer: name },
    });
  }
}

function open(entry: Entry): Codec | Promise<Codec> {
  if (entry.ready !== undefined) return entry.ready;
  if (!('load' in entry.source)) return entry.source;
  return entry.source.load().then((codec) => (entry.ready = codec));
}
