import { type Logger, messageOf } from '../../base/index.js';
import { type Codec, DEFAULT_DECODE_BUDGET, type SerializerRegistry } from '../../serialization/index.js';

/** What goes into the tables and comes out of them, as text. */
export class TextCodec {
  readonly #codec: Codec;
  readonly #logger: Logger;

  private constructor(codec: Codec, logger: Logger) {
    this.#codec = codec;
    this.#logger = logger;
  }

  /** Signed for the serializer `auth`; JSON for every other, whatever a broker would be sent. */
  static async of(serializers: SerializerRegistry, serializer: string, logger: Logger): Promise<TextCodec> {
    return new TextCodec(await serializers.codec(serializer === 'auth' ? serializer : 'json'), logger);
  }

  write(value: unknown): string {
    return Buffer.from(this.#codec.encode(value)).toString('utf8');
  }

  /** Undefined for what cannot be read or bears no signature it should: that is no message. */
  read(text: string): unknown {
    try {
      return this.#codec.decode(Buffer.from(text, 'utf8'), DEFAULT_DECODE_BUDGET);
    } catch (error) {
      this.#logger.warn({ error: messageOf(error) }, 'a broadcast message cannot be read');
      return undefined;
    }
  }
}
