import { messageOf, newId, ToolboxError } from '../../base/index.js';
import type { Destination, OutgoingMessage } from '../../messaging/index.js';
import { writeJson } from '../../serialization/index.js';

const TAG_LENGTH = newId().length;
const AFTER_TAG = '"}}';

/** The same envelope with a delivery tag of its own. `text` is what `writeEnvelope` wrote: the tag is last in it. */
export const withOwnTag = (text: string): string =>
  text.slice(0, -(TAG_LENGTH + AFTER_TAG.length)) + newId() + AFTER_TAG;

/**
 * The text in which kombu keeps a message on brokers that know only texts (kombu.transport.virtual, Channel
 * prepare_message and _put): the body in base64, AMQP's properties and all further ones beside it. All copies of one
 * publish share one text, and with it the delivery tag, unless the store gives each its own.
 */
export function writeEnvelope(
  message: OutgoingMessage,
  { exchange, routingKey }: Destination,
  besideEnvelope: readonly string[] = [],
): string {
  const properties: Record<string, unknown> = {
    delivery_mode: 2,
    priority: 0,
    ...message.properties,
    delivery_info: { exchange, routing_key: routingKey },
    body_encoding: 'base64',
    delivery_tag: newId(),
  };
  for (const name of besideEnvelope) delete properties[name];
  const { body } = message;
  try {
    return writeJson({
      body: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64'),
      'content-encoding': message.contentEncoding,
      'content-type': message.contentType,
      headers: message.headers,
      properties,
    });
  } catch (cause) {
    throw new ToolboxError(
      'ENCODE_FAILED',
      `headers or properties of a message for "${routingKey}" cannot be written as JSON: ${messageOf(cause)}`,
      { cause, fields: { exchange, routingKey } },
    );
  }
}
