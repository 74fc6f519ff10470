/** Characters that turn, hide or break text: shown by name, so that what is read is what is there. */
const NAMES: Readonly<Record<number, string>> = {
  0x061c: 'ALM',
  0x200b: 'ZWSP',
  0x200e: 'LRM',
  0x200f: 'RLM',
  0x202a: 'LRE',
  0x202b: 'RLE',
  0x202c: 'PDF',
  0x202d: 'LRO',
  0x202e: 'RLO',
  0x2028: 'LSEP',
  0x2029: 'PSEP',
  0x2066: 'LRI',
  0x2067: 'RLI',
  0x2068: 'FSI',
  0x2069: 'PDI',
  0xfeff: 'BOM',
};
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;
const ALL = new RegExp(UNSEEN.source, 'gu');

export interface Mark {
  readonly name: string;
  readonly code: string;
}

function markOf(character: string): Mark {
  const point = character.codePointAt(0) ?? 0;
  const code = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
  return { name: NAMES[point] ?? code, code };
}

/** The text in pieces: what can be shown as it is, and marks for what cannot. */
export function pieces(text: string): (string | Mark)[] {
  if (!UNSEEN.test(text)) return [text];
  const found: (string | Mark)[] = [];
  let from = 0;
  for (const match of text.matchAll(ALL)) {
    if (match.index > from) found.push(text.slice(from, match.index));
    found.push(markOf(match[0]));
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push(text.slice(from));
  return found;
}

/** For attributes, where no element can stand: the marks as `⟨RLO⟩`. */
export const seen = (text: string): string => text.replace(ALL, (character) => `⟨${markOf(character).name}⟩`);
