import { isUtf8 } from 'node:buffer';

/** The same bytes as a Buffer, without a copy. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** True when the text has half of a surrogate pair, which UTF-8 cannot hold. */
export const hasLoneSurrogate = (text: string): boolean => /\p{Surrogate}/u.test(text);

/** Text of strict UTF-8 bytes; undefined when they are not. */
export const decodeUtf8 = (bytes: Uint8Array): string | undefined =>
  isUtf8(bytes) ? asBuffer(bytes).toString('utf8') : undefined;

/** Like `decodeUtf8`, and lets lone surrogates pass as Python's `surrogatepass` does (`ED A0 80` to `ED BF BF`). */
export function decodeSurrogatePass(bytes: Uint8Array): string | undefined {
  const strict = decodeUtf8(bytes);
  if (strict !== undefined) return strict;
  const buffer = asBuffer(bytes);
  let text = '';
  let from = 0;
  for (let at = buffer.indexOf(0xed); at !== -1; at = buffer.indexOf(0xed, at + 1)) {
    const second = buffer[at + 1] ?? 0;
    const third = buffer[at + 2] ?? 0;
    if (second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) continue;
    const before = decodeUtf8(buffer.subarray(from, at));
    if (before === undefined) return undefined;
    text += before + String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f));
    from = at + 3;
  }
  const rest = from === 0 ? undefined : decodeUtf8(buffer.subarray(from));
  return rest === undefined ? undefined : text + rest;
}

/** UTF-8 in which lone surrogates are written as Python's `surrogatepass` writes them. */
export function encodeSurrogatePass(text: string): Uint8Array {
  if (!hasLoneSurrogate(text)) return Buffer.from(text, 'utf8');
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(at + 1);
    if (unit < 0xdc00 && next >= 0xdc00 && next <= 0xdfff) {
      at += 1;
      continue;
    }
    pieces.push(Buffer.from(text.slice(from, at), 'utf8'));
    pieces.push(Uint8Array.of(0xed, 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)));
    from = at + 1;
  }
  pieces.push(Buffer.from(text.slice(from), 'utf8'));
  return Buffer.concat(pieces);
}
