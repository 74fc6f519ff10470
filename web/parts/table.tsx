import type { ComponentChildren, JSX } from 'preact';
import { Icon } from './icon.js';

export interface Column {
  readonly key: string;
  readonly label: string;
  readonly class?: string;
  readonly sort?: 'ascending' | 'descending' | 'none';
  readonly onSort?: () => void;
}

function Heading({ column }: { column: Column }): JSX.Element {
  if (column.onSort === undefined) {
    return (
      <th scope="col" class={column.class ?? ''}>
        {column.label}
      </th>
    );
  }
  return (
    <th scope="col" class={column.class ?? ''} aria-sort={column.sort ?? 'none'}>
      <button type="button" class="sort" onClick={column.onSort}>
        {column.label}
        <Icon name="down" />
      </button>
    </th>
  );
}

interface TableProps {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly lead?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A table with a caption for those who hear it; wider than its room, it scrolls by itself. */
export function Table({ caption, columns, lead, children }: TableProps): JSX.Element {
  return (
    // A region that scrolls must be reachable by keyboard.
    <div class="table-room" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {lead}
            {columns.map((column) => (
              <Heading key={column.key} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** What stands in a cell where nothing is known. */
export const None = (): JSX.Element => <span class="none">–</span>;
