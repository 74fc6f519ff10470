/** The beginning of a JSON text made whole: what is open is closed, a text it was cut in ends with an ellipsis. */
export function closeJson(text: string): string {
  const open: string[] = [];
  let whole = '[]';
  const ends = (): string => open.toReversed().join('');
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') {
      at = endOfText(text, at);
      if (at >= text.length) return cutText(text, ends()) ?? whole;
    } else if (sign === '[' || sign === '{') {
      open.push(sign === '[' ? ']' : '}');
      whole = text.slice(0, at + 1) + ends();
    } else if (sign === ']' || sign === '}') {
      open.pop();
      whole = text.slice(0, at + 1) + ends();
    } else if (sign === ',') {
      whole = text.slice(0, at) + ends();
    }
  }
  return whole;
}

/** Where the quoted text that begins there ends. */
function endOfText(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** Undefined when it was cut in the name of an entry, or in an escape. */
function cutText(text: string, ends: string): string | undefined {
  const closed = `${text}…"${ends}`;
  try {
    JSON.parse(closed);
    return closed;
  } catch {
    return undefined;
  }
}
