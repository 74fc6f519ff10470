import { useMemo, useState } from 'preact/hooks';

/** Rows that are ticked; with the shift key, all between the last one and this. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  toggle(id: string, range: boolean): void;
  toggleAll(): void;
  clear(): void;
}

export function useSelection(all: readonly string[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<string>();
  return useMemo(() => {
    // What a refresh took off the page is no longer ticked.
    const shown = new Set(all.filter((id) => ids.has(id)));
    return {
      ids: shown,
      toggle(id, range) {
        const next = new Set(shown);
        const on = !next.has(id);
        const from = range && last !== undefined ? all.indexOf(last) : -1;
        const to = all.indexOf(id);
        const span = from === -1 ? [id] : all.slice(Math.min(from, to), Math.max(from, to) + 1);
        for (const each of span) {
          if (on || from !== -1) next.add(each);
          else next.delete(each);
        }
        setLast(id);
        setIds(next);
      },
      toggleAll: () => setIds(shown.size === all.length ? new Set() : new Set(all)),
      clear: () => setIds(new Set()),
    };
  }, [all.join('\n'), ids, last]);
}
