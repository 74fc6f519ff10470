import type { JSX } from 'preact';
import type { TaskCounts, TaskPage } from '../../../src/platform/views/index.js';
import { askRetry, askRevoke } from '../../actions/task-questions.js';
import { useResource } from '../../client/resource.js';
import { t } from '../../i18n/translate.js';
import { useKeys } from '../../keyboard/keys.js';
import { currentRow } from '../../keyboard/rows.js';
import { Icon } from '../../parts/icon.js';
import { PageHead, Shown } from '../../parts/page.js';
import { changeQuery, usePlace } from '../../routing/location.js';
import { BulkBar } from './bulk-bar.js';
import { ColumnMenu } from './columns.js';
import { ExportMenu } from './export-menu.js';
import { filterQuery } from './filter.js';
import { FilterBar } from './filter-bar.js';
import { NoTasks } from './no-tasks.js';
import { Pager } from './pager.js';
import { SavedViews } from './saved-views.js';
import { useSelection } from './selection.js';
import { StateChips } from './state-chips.js';
import { TaskTable } from './task-table.js';

/** The address of one page of the list, as the API is asked for it. */
function listPath(query: URLSearchParams): string {
  const asked = filterQuery(query);
  for (const key of ['sort', 'order', 'cursor', 'limit']) {
    const value = query.get(key);
    if (value !== null) asked.set(key, value);
  }
  const text = asked.toString();
  return text === '' ? '/tasks' : `/tasks?${text}`;
}

export function Tasks(): JSX.Element {
  const { query } = usePlace();
  const page = useResource<TaskPage>(listPath(query), ['tasks']);
  const counted = filterQuery(query, ['state']).toString();
  const counts = useResource<TaskCounts>(`/tasks/counts${counted === '' ? '' : `?${counted}`}`, ['tasks']);
  const items = page.data?.items ?? [];
  const selection = useSelection(items.map(({ id }) => id));
  const grouped = query.get('group') === 'root';

  const targets = (): string[] => {
    const row = currentRow();
    return selection.ids.size > 0 ? [...selection.ids] : row === undefined ? [] : [row];
  };
  const onSome = (then: (ids: string[]) => void): void => {
    const ids = targets();
    if (ids.length > 0) then(ids);
  };
  const tick = (range: boolean): void => {
    const row = currentRow();
    if (row !== undefined) selection.toggle(row, range);
  };
  useKeys({
    x: () => tick(false),
    X: () => tick(true),
    r: () => onSome((ids) => askRetry(ids, { done: page.refresh })),
    v: () => onSome((ids) => askRevoke(ids, { done: page.refresh })),
    '[': () => page.data?.previous && changeQuery({ cursor: page.data.previous }),
    ']': () => page.data?.next && changeQuery({ cursor: page.data.next }),
  });

  return (
    <>
      <PageHead title={t('nav.tasks')}>
        <SavedViews />
        <button
          type="button"
          class="button"
          aria-pressed={grouped}
          onClick={() => changeQuery({ group: grouped ? undefined : 'root' })}
        >
          <Icon name="tree" />
          {t('tasks.group')}
        </button>
        <ColumnMenu />
        <ExportMenu query={query} />
      </PageHead>
      <StateChips counts={counts.data} chosen={query.get('state')} />
      <FilterBar query={query} />
      <BulkBar selection={selection} query={query} counts={counts.data} refresh={page.refresh} />
      <Shown of={page} lines={14}>
        {(data) =>
          data.items.length === 0 ? (
            <NoTasks query={query} />
          ) : (
            <>
              <TaskTable tasks={data.items} selection={selection} grouped={grouped} query={query} />
              <Pager page={data} />
            </>
          )
        }
      </Shown>
    </>
  );
}
