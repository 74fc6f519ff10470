/** Stamps by name; `stamped_headers` lists the names that are stamps. */
export type Stamps = Readonly<Record<string, unknown>>;

const LIST = 'stamped_headers';

/** With the list of names, which without one are all. */
export const named = (stamps: Stamps): Stamps =>
  LIST in stamps ? stamps : { ...stamps, [LIST]: Object.keys(stamps) };

/** The stamps among a signature's options. */
export function stampsOf(options: Stamps): Stamps {
  const names = Array.isArray(options[LIST]) ? (options[LIST] as string[]) : [];
  const stamps = names.filter((name) => name in options).map((name) => [name, options[name]]);
  return { ...Object.fromEntries(stamps), [LIST]: names };
}

/**
 * Joins stamps as Celery does: of a name in both, lists are put together and objects merged; anything else stays as it is
 * in the first, or with `append` becomes a list of both.
 */
export function mergeStamps(first: Stamps, second: Stamps, append: boolean): Stamps {
  const merged: Record<string, unknown> = { ...second, ...first };
  for (const [name, a] of Object.entries(first)) {
    if (!(name in second)) continue;
    const b = second[name];
    if (isObject(a) && isObject(b)) merged[name] = mergeStamps(a, b, append);
    else if (Array.isArray(a) && Array.isArray(b)) merged[name] = [...(a as unknown[]), ...(b as unknown[])];
    else if (append && !isObject(a)) merged[name] = [...listed(a), ...listed(b)];
  }
  if (Array.isArray(merged[LIST])) merged[LIST] = [...new Set(merged[LIST] as unknown[])];
  return merged;
}

const listed = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];

const isObject = (value: unknown): value is Stamps =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
