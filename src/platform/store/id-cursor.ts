import { ToolboxError } from '../../base/index.js';

/** Where a page of rows begins that are listed by falling id. */
export interface IdCursor {
  readonly id: string | null;
  /** The page before: rows come by rising id. */
  readonly newer: boolean;
  /** The page, from one row more than it may have. */
  page<T extends { readonly id: string }>(
    rows: readonly T[],
    limit: number,
  ): { items: T[]; next: string | null; previous: string | null };
}

/** @throws CONFIG_INVALID for one that no page gave. */
export function readCursor(cursor: string | undefined): IdCursor {
  const [, way, id] = cursor === undefined ? [] : (/^(older|newer)\.(\d{1,18})$/.exec(cursor) ?? []);
  if (cursor !== undefined && id === undefined) {
    throw new ToolboxError('CONFIG_INVALID', 'cursor: expected one that an earlier page gave', {
      fields: { key: 'cursor' },
    });
  }
  const newer = way === 'newer';
  return {
    id: id ?? null,
    newer,
    page(rows, limit) {
      const more = rows.length > limit;
      const items = rows.slice(0, limit);
      if (newer) items.reverse();
      const [first, last] = [items[0], items.at(-1)];
      const hasNewer = newer ? more : id !== undefined;
      return {
        items,
        next: last !== undefined && (newer || more) ? `older.${last.id}` : null,
        previous: first !== undefined && hasNewer ? `newer.${first.id}` : null,
      };
    },
  };
}
