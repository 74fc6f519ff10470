import { decodeFailed } from '../failures.js';
import { resolveBool, resolveFloat, resolveInt, resolveNull, resolveTimestamp } from './resolve-scalar.js';

const VERBATIM = /^!<tag:yaml\.org,2002:(.*)>$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** `!!int` and `!<tag:yaml.org,2002:int>` are both `int`; a foreign tag stays as it is. */
export function shortTag(tag: string): string {
  if (tag.startsWith('!!')) return tag.slice(2);
  return VERBATIM.exec(tag)?.[1] ?? tag;
}

/** Readers by tag; each gives undefined for a text that does not fit. */
const READERS: ReadonlyMap<string, (text: string) => unknown> = new Map<string, (text: string) => unknown>([
  ['!', (text) => text],
  ['str', (text) => text],
  ['null', resolveNull],
  ['bool', resolveBool],
  ['int', resolveInt],
  ['float', (text) => resolveFloat(text) ?? numberOf(resolveInt(text))],
  ['timestamp', resolveTimestamp],
  ['binary', readBinary],
]);

const numberOf = (value: number | bigint | undefined): number | undefined =>
  value === undefined ? undefined : Number(value);

function readBinary(text: string): Uint8Array | undefined {
  const packed = text.replace(/\s+/g, '');
  return BASE64.test(packed) ? new Uint8Array(Buffer.from(packed, 'base64')) : undefined;
}

/** A scalar with a tag. Throws DECODE_FAILED for a tag outside PyYAML's safe ones, and a text that does not fit. */
export function scalarOfTag(tag: string, text: string): unknown {
  const read = READERS.get(tag);
  if (read === undefined) throw decodeFailed('yaml', 'a scalar with a tag that is not one of YAML’s own');
  const value = read(text);
  if (value === undefined) throw decodeFailed('yaml', `a scalar is no ${tag}`);
  return value;
}
