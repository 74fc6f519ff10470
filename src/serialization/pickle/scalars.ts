import { decodeFailed } from '../failures.js';
import { MAX_INT_BYTES, MAX_INT_DIGITS, toInteger } from '../python-number.js';
import { decodeSurrogatePass } from '../text.js';

/** Little-endian two's complement of any length, as LONG1 and LONG4 hold it. */
export function bytesToInteger(bytes: Buffer): number | bigint {
  if (bytes.length <= 6) return bytes.length === 0 ? 0 : bytes.readIntLE(0, bytes.length);
  if (bytes.length > MAX_INT_BYTES) throw decodeFailed('pickle', `an integer of ${bytes.length} bytes`);
  const unsigned = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  return toInteger(BigInt.asIntN(bytes.length * 8, unsigned));
}

/** A text line of INT (`00` and `01` are booleans there) or LONG (digits and an `L`). */
export function lineToInteger(line: string, booleans: boolean): number | bigint | boolean {
  if (booleans && (line === '00' || line === '01')) return line === '01';
  if (line.length > MAX_INT_DIGITS) throw decodeFailed('pickle', `an integer of ${line.length} digits`);
  if (!/^\s*[+-]?\d+L?\s*$/.test(line)) throw decodeFailed('pickle', 'an integer that is no integer');
  return toInteger(BigInt(line.trim().replace(/^\+|L$/g, '')));
}

const FLOAT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const SPECIAL = new Map([
  ['nan', Number.NaN],
  ['-nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
]);

/** A text line of FLOAT: Python's repr. */
export function lineToFloat(line: string): number {
  const special = SPECIAL.get(line);
  if (special !== undefined) return special;
  if (!FLOAT.test(line)) throw decodeFailed('pickle', 'a float that is no number');
  return Number(line);
}

export function bytesToText(bytes: Uint8Array): string {
  const text = decodeSurrogatePass(bytes);
  if (text === undefined) throw decodeFailed('pickle', 'text that is not UTF-8');
  return text;
}

/** UNICODE: Latin-1 with `\uXXXX` and `\UXXXXXXXX`. */
export function rawUnicodeEscape(line: Buffer): string {
  return line.toString('latin1').replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short, long) => {
    const code = Number.parseInt(short ?? long, 16);
    if (code > 0x10ffff) throw decodeFailed('pickle', 'a character beyond Unicode');
    return String.fromCodePoint(code);
  });
}

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '\\': 92,
  "'": 39,
  '"': 34,
};

/** STRING: the repr of a Python 2 `str`, quotes and escapes taken off. */
export function unquote(line: Buffer): Buffer {
  const text = line.toString('latin1').trim();
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote)) {
    throw decodeFailed('pickle', 'a quoted string without quotes');
  }
  const plain = text
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([\s\S]))/g, (whole, hex, octal, letter) => {
      if (hex) return String.fromCharCode(Number.parseInt(hex as string, 16));
      if (octal) return String.fromCharCode(Number.parseInt(octal as string, 8) & 0xff);
      const code = ESCAPES[letter as string];
      return code === undefined ? whole : String.fromCharCode(code);
    });
  return Buffer.from(plain, 'latin1');
}
