import { type Logger, messageOf, ToolboxError } from '../../../base/index.js';
import { DEFAULT_DECODE_BUDGET } from '../../../serialization/index.js';
import type { StoredMessage, StoreMessage, StowedMessage } from '../../virtual/index.js';
import type { EntryWriter } from '../message-entry.js';
import { fromMessageBody } from '../message-text.js';
import type { PayloadStore } from './payload-store.js';
import { isPointer, withPointer } from './pointer.js';

/** Names the size of a body kept outside, as AWS' Extended Client Libraries do. */
const SIZE_ATTRIBUTE = 'ExtendedPayloadSize';

export interface DeskOptions {
  readonly store: PayloadStore;
  /** Most bytes of a message in its queue; without it, what the queue allows. */
  readonly threshold: number | undefined;
  readonly entries: EntryWriter;
  readonly logger: Logger;
}

/** Puts the bodies of large messages outside, brings them back, and removes them with their messages. */
export class PayloadDesk {
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** Undefined for a message that goes as it is. Throws BUDGET_EXCEEDED for one that nobody would read. */
  stow(queue: string, message: StoreMessage, limit: number): Promise<StowedMessage> | undefined {
    const { entries, threshold = limit } = this.#options;
    if (entries.measure(message) <= Math.min(limit, threshold)) return undefined;
    const bytes = Buffer.byteLength(message.text);
    const { maxBytes } = DEFAULT_DECODE_BUDGET;
    if (bytes <= maxBytes) return this.#put(message);
    throw new ToolboxError(
      'BUDGET_EXCEEDED',
      `a message of ${bytes} bytes for queue "${queue}" is over the ${maxBytes} bytes that a worker reads: pass large data by reference`,
      { fields: { queue, bytes, limit: maxBytes } },
    );
  }

  /** The message with its body; undefined when it cannot be had at the moment. */
  async complete(message: StoredMessage): Promise<StoredMessage | undefined> {
    const { store, logger } = this.#options;
    const pointer = message.text;
    if (!isPointer(pointer)) return message;
    try {
      const payload = await store.get(pointer);
      const receipt = withPointer(message.receipt, pointer);
      return 'text' in payload
        ? { ...message, receipt, text: fromMessageBody(payload.text) }
        : { ...message, receipt, defect: payload.problem };
    } catch (error) {
      logger.warn(
        { error: messageOf(error) },
        'the body of a message cannot be fetched now: it is left for later',
      );
      return undefined;
    }
  }

  /** Never rejects: what stays behind costs space and nothing else. */
  async remove(pointer: string): Promise<void> {
    const { store, logger } = this.#options;
    await store.remove(pointer).catch((error: unknown) => {
      logger.warn(
        { pointer, error: messageOf(error) },
        'the body of a message that is gone could not be removed',
      );
    });
  }

  close(): void {
    this.#options.store.close();
  }

  async #put(message: StoreMessage): Promise<StowedMessage> {
    const { store, entries } = this.#options;
    const body = entries.bodyOf(message);
    const pointer = await store.put(body);
    const size = { DataType: 'Number', StringValue: String(Buffer.byteLength(body)) };
    return {
      message: entries.withBody(message, pointer, { [SIZE_ATTRIBUTE]: size }),
      discard: () => this.remove(pointer),
    };
  }
}
