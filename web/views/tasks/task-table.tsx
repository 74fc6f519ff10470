import type { JSX } from 'preact';
import { Fragment } from 'preact';
import type { TaskSummary } from '../../../src/platform/views/index.js';
import { seen } from '../../format/foreign.js';
import { shortId } from '../../format/ids.js';
import { t } from '../../i18n/translate.js';
import { Foreign } from '../../parts/foreign.js';
import { Icon } from '../../parts/icon.js';
import { Moment } from '../../parts/moment.js';
import { Flags, PhaseBadge } from '../../parts/state.js';
import { type Column, Table } from '../../parts/table.js';
import { changeQuery, href, taskPath } from '../../routing/location.js';
import { type TaskColumn, useTaskColumns } from './columns.js';
import type { Selection } from './selection.js';

interface Props {
  readonly tasks: readonly TaskSummary[];
  readonly selection?: Selection;
  readonly grouped?: boolean;
  readonly query?: URLSearchParams;
}

function sorting(column: TaskColumn, query: URLSearchParams): Pick<Column, 'sort' | 'onSort'> {
  const { sort } = column;
  if (sort === undefined) return {};
  const current = (query.get('sort') ?? 'created') === sort;
  const order = query.get('order') === 'asc' ? 'asc' : 'desc';
  return {
    sort: current ? (order === 'asc' ? 'ascending' : 'descending') : 'none',
    onSort: () =>
      changeQuery({
        sort: sort === 'created' ? undefined : sort,
        order: current && order === 'desc' ? 'asc' : undefined,
        cursor: undefined,
      }),
  };
}

/** Tasks as rows; with `grouped`, those of one family stand together. */
export function TaskTable({
  tasks,
  selection,
  grouped = false,
  query = new URLSearchParams(),
}: Props): JSX.Element {
  const chosen = useTaskColumns();
  const columns: Column[] = [
    { key: 'name', label: t('column.task') },
    { key: 'state', label: t('column.state') },
    ...chosen.map((column) => ({
      key: column.key,
      label: t(column.label),
      ...(column.class === undefined ? {} : { class: column.class }),
      ...sorting(column, query),
    })),
  ];
  const all = tasks.length > 0 && selection?.ids.size === tasks.length;
  const groups = grouped ? [...Map.groupBy(tasks, ({ rootId }) => rootId)] : [['', tasks] as const];
  return (
    <Table
      caption={t('nav.tasks')}
      columns={columns}
      lead={
        selection !== undefined && (
          <th scope="col" class="tick">
            <input
              type="checkbox"
              checked={all}
              aria-label={t('tasks.selectAll')}
              onChange={selection.toggleAll}
            />
          </th>
        )
      }
    >
      {groups.map(([root, members]) => (
        <Fragment key={root}>
          {grouped && (
            <tr class="group-row">
              <th colSpan={columns.length + 1} scope="rowgroup">
                <a href={href(`/tree/${encodeURIComponent(root)}`)}>
                  <Icon name="tree" />
                  {t('tasks.family')} <code>{shortId(root)}</code>
                </a>
                <span class="soft">{t('tasks.here', { n: members.length })}</span>
              </th>
            </tr>
          )}
          {members.map((task) => (
            <TaskRow
              key={task.id}
              task={task}
              columns={chosen}
              {...(selection === undefined ? {} : { selection })}
            />
          ))}
        </Fragment>
      ))}
    </Table>
  );
}

function TaskRow({
  task,
  columns,
  selection,
}: {
  task: TaskSummary;
  columns: readonly TaskColumn[];
  selection?: Selection;
}): JSX.Element {
  return (
    <tr data-row={task.id} class={selection?.ids.has(task.id) === true ? 'task-row ticked' : 'task-row'}>
      {selection !== undefined && (
        <td class="tick">
          <input
            type="checkbox"
            checked={selection.ids.has(task.id)}
            aria-label={`${t('keys.select')} ${shortId(task.id)}`}
            onClick={(event) => selection.toggle(task.id, event.shiftKey)}
          />
        </td>
      )}
      <th scope="row" class="name">
        <a class="row-link" href={href(taskPath(task.id))}>
          <Foreign text={task.name} />
        </a>
        <span class="sub">
          <code>{shortId(task.id)}</code>
          <span class="narrow-only">
            <Moment at={task.created} as="ago" />
          </span>
          <Flags flags={task.flags} />
        </span>
      </th>
      <td class="state">
        <PhaseBadge phase={task.phase} state={task.state} />
        <Reason task={task} />
      </td>
      {columns.map((column) => (
        <td key={column.key} class={column.class ?? ''}>
          {column.cell(task)}
        </td>
      ))}
    </tr>
  );
}

/** Why it is where it is: the exception, the time it waits for, or what the server says. */
function Reason({ task }: { task: TaskSummary }): JSX.Element | null {
  const words = task.error ?? task.reason;
  if (task.phase === 'scheduled' && task.eta !== null) {
    return (
      <span class="reason">
        <Moment at={task.eta} as="both" />
      </span>
    );
  }
  return words === null ? null : (
    <span class="reason" title={seen(words)}>
      <Foreign text={words} />
    </span>
  );
}
