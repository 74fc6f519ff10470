import { ToolboxError } from '../../base/index.js';

/** What kinds of families there are, and how many of a hundred are of which. */
export interface FamilyKind {
  readonly name: 'single' | 'chain' | 'chord';
  /** Sizes from, to. */
  readonly sizes: readonly [number, number];
  readonly share: number;
}

/** As on a platform that exports: most tasks stand alone, some exports have thousands of pages. */
export const DEFAULT_FAMILIES = 'single:1:45,chain:2-6:25,chord:4-12:25,chord:50-300:4.7,chord:1000-3000:0.3';

/** Reads `kind:size:share,…`; a size may be a span (`4-12`). @throws CONFIG_INVALID */
export function familyKinds(text: string): readonly FamilyKind[] {
  return text.split(',').map((part) => {
    const [, name, from, to = from, share] =
      /^(single|chain|chord):(\d{1,6})(?:-(\d{1,6}))?:(\d+(?:\.\d+)?)$/.exec(part.trim()) ?? [];
    if (name === undefined || Number(from) < 1 || Number(to) < Number(from)) {
      throw new ToolboxError(
        'CONFIG_INVALID',
        `families: expected kind:size:share, as in ${DEFAULT_FAMILIES}, not ${part}`,
      );
    }
    return { name: name as FamilyKind['name'], sizes: [Number(from), Number(to)], share: Number(share) };
  });
}

/** One family: its number, the number of its first task, its kind and size. */
export interface SeededFamily {
  readonly first: number;
  readonly size: number;
  readonly kind: FamilyKind['name'];
}

/** As many families as `tasks` tasks make, the same for the same seed. Of a million tasks one family has ten thousand. */
export function seededFamilies(tasks: number, seed: number, kinds: readonly FamilyKind[]): SeededFamily[] {
  const next = random(seed);
  const total = kinds.reduce((sum, { share }) => sum + share, 0);
  const families: SeededFamily[] = [];
  let first = 0;
  const add = (kind: FamilyKind['name'], wanted: number): void => {
    const size = Math.min(wanted, tasks - first);
    families.push({ first, size, kind: size === 1 ? 'single' : kind });
    first += size;
  };
  if (tasks >= LARGEST * 100) add('chord', LARGEST);
  while (first < tasks) {
    let drawn = next() * total;
    const kind = kinds.find(({ share }) => (drawn -= share) < 0) ?? kinds[0];
    if (kind === undefined) break;
    const [from, to] = kind.sizes;
    add(kind.name, from + Math.floor(next() * (to - from + 1)));
  }
  return families;
}

const LARGEST = 10_000;

/** mulberry32: small, and the same on every machine. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
