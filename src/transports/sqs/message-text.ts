const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
// SQS takes the characters of XML 1.0; JSON has escaped all others but these two.
const NOT_XML = /[\uFFFE\uFFFF]/g;

/** The text SQS is given for an envelope (kombu's `sqs_base64_encoding`). */
export function toMessageBody(envelope: string, base64: boolean): string {
  if (base64) return Buffer.from(envelope).toString('base64');
  return envelope.replace(NOT_XML, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}

/** The envelope in a text from SQS: decoded when it is base64 of UTF-8 and nothing else, as it is otherwise. */
export function fromMessageBody(body: string): string {
  const trimmed = body.trim();
  if (trimmed.length % 4 !== 0 || !BASE64.test(trimmed)) return body;
  const bytes = Buffer.from(trimmed, 'base64');
  // Padding bits that say something are not what base64 writes.
  if (bytes.toString('base64') !== trimmed) return body;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return body;
  }
}
