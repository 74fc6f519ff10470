/** Rows that `j`, `k` and `x` walk: elements with `data-row`, each with one link to what it is about. */
const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-row]')];

const currentIndex = (all: readonly HTMLElement[]): number =>
  all.findIndex((row) => row.contains(document.activeElement));

export function stepRow(by: 1 | -1): void {
  const all = rows();
  const at = currentIndex(all);
  const next = at === -1 ? (by === 1 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by));
  const row = all[next];
  row?.querySelector<HTMLElement>('a, button')?.focus();
  row?.scrollIntoView({ block: 'nearest' });
}

/** The id of the row that has the focus. */
export function currentRow(): string | undefined {
  const all = rows();
  return all[currentIndex(all)]?.dataset['row'];
}
