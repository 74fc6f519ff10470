import { decodeFailed } from '../failures.js';
import { setMember } from '../set-member.js';

export type Pair = readonly [key: unknown, value: unknown];

/** A mapping by its tag: an object, a Map when a key is no text, a Set. The later of two equal keys counts. */
export function mappingValue(tag: string, pairs: readonly Pair[]): unknown {
  for (const [key] of pairs) checkKey(key);
  if (tag === 'set') return new Set(pairs.map(([key]) => key));
  if (tag !== 'map') throw decodeFailed('yaml', 'a mapping with a tag that is not one of YAML’s own');
  if (!pairs.every(([key]) => typeof key === 'string')) return new Map(pairs);
  const target = {};
  for (const [key, value] of pairs) setMember(target, String(key), value);
  return target;
}

/** `!!omap` and `!!pairs`: a list of mappings with one member each, as PyYAML gives them: pairs. */
export function pairsOf(items: readonly unknown[]): Pair[] {
  return items.map((item) => {
    const members = item instanceof Map ? [...item] : Object.entries(Object(item) as object);
    const [first] = members;
    if (members.length !== 1 || first === undefined || Array.isArray(item) || typeof item !== 'object')
      throw decodeFailed('yaml', 'pairs must be mappings with one member');
    return [first[0], first[1]];
  });
}

/** Python cannot hash a list or a dict. */
function checkKey(key: unknown): void {
  const hashable =
    key === null ||
    typeof key !== 'object' ||
    ArrayBuffer.isView(key) ||
    key instanceof Date ||
    'text' in key;
  if (!hashable) throw decodeFailed('yaml', 'a key that Python cannot hash');
}
