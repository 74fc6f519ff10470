/** The keys of data, all the way down; of lists, those of their first item. */
export function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [keysOf(value[0])];
  if (typeof value !== 'object' || value === null) return null;
  const entries = Object.entries(value).map(([key, item]) => [key, keysOf(item)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
