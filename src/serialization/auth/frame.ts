import { decodeFailed } from '../failures.js';
import { asBuffer, decodeUtf8 } from '../text.js';

/** What a signed body is made of. Only `body` is covered by the signature. */
export interface Frame {
  readonly signer: string;
  readonly signature: Uint8Array;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly body: Uint8Array;
}

const SEPARATOR = Buffer.from([0, 1]);

/** The layout of Celery 5.5 and later: signer and signature in base64 of their own. */
export function packFrame({ signer, signature, contentType, contentEncoding, body }: Frame): Uint8Array {
  const parts = [
    Buffer.from(Buffer.from(signer, 'utf8').toString('base64')),
    Buffer.from(asBuffer(signature).toString('base64')),
    Buffer.from(contentType),
    Buffer.from(contentEncoding),
    asBuffer(body),
  ];
  const joined = Buffer.concat(parts.flatMap((part, at) => (at === 0 ? [part] : [SEPARATOR, part])));
  return Buffer.from(joined.toString('base64'));
}

/**
 * Takes a signed body apart, in the layout of Celery 5.5 or the one before, whose signature is as long as the signer's key
 * makes it. Base64 must be as it is written, letter by letter. Throws DECODE_FAILED.
 */
export function openFrame(bytes: Uint8Array, signatureLength: (signer: string) => number | undefined): Frame {
  const raw = strictBase64(decodeUtf8(bytes) ?? '');
  const end = raw.indexOf(SEPARATOR);
  const first = textOf(raw.subarray(0, Math.max(end, 0)));
  const older = signatureLength(first);
  if (older !== undefined) {
    const from = end + SEPARATOR.length;
    const signature = raw.subarray(from, from + older);
    const [gap, ...rest] = split(raw.subarray(from + older), 4);
    if (gap?.length !== 0) throw notSigned();
    return frameOf(first, signature, rest);
  }
  const [signer, signature, ...rest] = split(raw, 5);
  if (signer === undefined || signature === undefined) throw notSigned();
  return frameOf(textOf(strictBase64(textOf(signer))), strictBase64(textOf(signature)), rest);
}

function frameOf(signer: string, signature: Uint8Array, [type, encoding, body]: readonly Buffer[]): Frame {
  if (type === undefined || encoding === undefined || body === undefined) throw notSigned();
  return { signer, signature, contentType: textOf(type), contentEncoding: textOf(encoding), body };
}

/** At most so many parts; the last keeps the separators in it. */
function split(bytes: Buffer, most: number): Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(SEPARATOR); at !== -1 && parts.length < most - 1; ) {
    parts.push(bytes.subarray(from, at));
    from = at + SEPARATOR.length;
    at = bytes.indexOf(SEPARATOR, from);
  }
  return [...parts, bytes.subarray(from)];
}

function strictBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== text) throw notSigned();
  return bytes;
}

function textOf(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw notSigned();
  return text;
}

const notSigned = (): Error => decodeFailed('auth', 'it is not a signed body');
