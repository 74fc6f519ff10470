import { type ErrorCode, type Logger, ToolboxError } from '../../base/index.js';
import type { Delivery, Headers, MessageProperties } from '../../messaging/index.js';

/** Why a message was set aside: stable words, for filters and counters. */
export type QuarantineCode =
  | 'decode' // the body does not decode as its content type says
  | 'content-type' // a content type, encoding or compression that is not accepted
  | 'signature' // signed or encrypted by nobody we know, or changed on its way
  | 'message' // decoded, but no task message
  | 'budget' // larger or deeper than this worker reads
  | 'deliveries' // delivered more often than allowed without ever being finished
  | 'internal'; // this worker failed to handle it

/** A message nobody could process, with everything needed to replay it. */
export interface QuarantinedMessage {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly headers: Headers;
  readonly properties: MessageProperties;
  readonly queue: string;
  readonly reason: string;
  readonly code: QuarantineCode;
}

const CODES: Partial<Record<ErrorCode, QuarantineCode>> = {
  DECODE_FAILED: 'decode',
  CONTENT_DISALLOWED: 'content-type',
  SIGNATURE_INVALID: 'signature',
  MESSAGE_INVALID: 'message',
  BUDGET_EXCEEDED: 'budget',
};

/** The word for what kept a message from being read. */
export const quarantineCodeOf = (error: unknown): QuarantineCode =>
  (error instanceof ToolboxError ? CODES[error.code] : undefined) ?? 'internal';

/** A delivery as quarantine keeps it. */
export function quarantined(delivery: Delivery, code: QuarantineCode, reason: string): QuarantinedMessage {
  const { body, contentType, contentEncoding, headers, properties, info } = delivery;
  return { bytes: body, contentType, contentEncoding, headers, properties, queue: info.queue, reason, code };
}

/** Where such messages are kept. The message leaves its queue only after `put` has resolved. */
export interface Quarantine {
  /** Resolves when the message is kept. Rejects when it could not be: the message then stays in its queue. */
  put(message: QuarantinedMessage): Promise<void>;
}

/**
 * The default: an error in the log, without the body, which may hold what nobody but the task should see; its start is
 * logged at level debug. The broker's dead-letter queue, where it has one, keeps the rest.
 */
export function logQuarantine(logger: Logger): Quarantine {
  return {
    put({ bytes, queue, code, reason, headers, contentType }) {
      const { task, id } = headers;
      const facts = { queue, code, reason, task, id, contentType, size: bytes.byteLength };
      logger.error(facts, 'message set aside: nobody can process it');
      const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
      logger.debug({ queue, id, head }, 'start of the message set aside');
      return Promise.resolve();
    },
  };
}
