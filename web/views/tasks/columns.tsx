import type { JSX } from 'preact';
import type { TaskSummary } from '../../../src/platform/views/index.js';
import { columnChoice } from '../../client/prefs.js';
import { useStore } from '../../client/store.js';
import { formatMs } from '../../format/duration.js';
import { shortId } from '../../format/ids.js';
import { type MessageKey, t } from '../../i18n/translate.js';
import { Menu } from '../../parts/buttons.js';
import { Foreign } from '../../parts/foreign.js';
import { Moment } from '../../parts/moment.js';
import { None } from '../../parts/table.js';

export interface TaskColumn {
  readonly key: string;
  readonly label: MessageKey;
  readonly class?: string;
  readonly sort?: 'created' | 'done' | 'runtime';
  readonly cell: (task: TaskSummary) => JSX.Element;
}

const text = (value: string | number | null): JSX.Element =>
  value === null ? <None /> : <Foreign text={String(value)} />;
const moment = (at: string | null): JSX.Element => (at === null ? <None /> : <Moment at={at} />);
const span = (ms: number | null): JSX.Element => (ms === null ? <None /> : <>{formatMs(ms)}</>);

/** What can stand beside name and state; all but the first five only when chosen. */
export const TASK_COLUMNS: readonly TaskColumn[] = [
  { key: 'args', label: 'column.args', class: 'wide-only args', cell: (task) => <Arguments task={task} /> },
  { key: 'queue', label: 'column.queue', class: 'mid-only', cell: (task) => text(task.queue) },
  {
    key: 'created',
    label: 'column.created',
    class: 'mid-only num',
    sort: 'created',
    cell: (task) => moment(task.created),
  },
  { key: 'wait', label: 'column.wait', class: 'wide-only num', cell: (task) => span(task.waitMs) },
  {
    key: 'run',
    label: 'column.run',
    class: 'mid-only num',
    sort: 'runtime',
    cell: (task) => span(task.runMs),
  },
  { key: 'worker', label: 'column.worker', class: 'wide-only', cell: (task) => text(task.worker) },
  { key: 'started', label: 'column.started', class: 'num', cell: (task) => moment(task.started) },
  { key: 'done', label: 'column.done', class: 'num', sort: 'done', cell: (task) => moment(task.done) },
  { key: 'eta', label: 'column.eta', class: 'num', cell: (task) => moment(task.eta) },
  { key: 'retries', label: 'column.retries', class: 'num', cell: (task) => <>{task.retries}</> },
  { key: 'root', label: 'column.root', cell: (task) => <code>{shortId(task.rootId)}</code> },
  {
    key: 'parent',
    label: 'column.parent',
    cell: (task) => (task.parentId === null ? <None /> : <code>{shortId(task.parentId)}</code>),
  },
  { key: 'creator', label: 'column.creator', class: 'num', cell: (task) => text(task.creatorId) },
  { key: 'related', label: 'column.related', cell: (task) => text(task.relatedObjectId) },
];
const FIRST: readonly string[] = ['args', 'queue', 'created', 'wait', 'run'];

function Arguments({ task }: { task: TaskSummary }): JSX.Element {
  const inner = (literal: string): string =>
    /^[([{].*[)\]}]$/s.test(literal) ? literal.slice(1, -1) : literal;
  const shown = [inner(task.args).replace(/,$/, ''), inner(task.kwargs)]
    .filter((part) => part.trim() !== '')
    .join(', ');
  return shown === '' ? (
    <None />
  ) : (
    <code class="clamp-one">
      <Foreign text={shown} />
    </code>
  );
}

export function useTaskColumns(): readonly TaskColumn[] {
  const chosen = useStore(columnChoice) ?? FIRST;
  return TASK_COLUMNS.filter(({ key }) => chosen.includes(key));
}

export function ColumnMenu(): JSX.Element {
  const chosen = useStore(columnChoice) ?? FIRST;
  const toggle = (key: string): void =>
    columnChoice.set(chosen.includes(key) ? chosen.filter((other) => other !== key) : [...chosen, key]);
  return (
    <Menu label={t('tasks.columns')} icon="columns">
      {() => (
        <ul class="menu-list">
          {TASK_COLUMNS.map(({ key, label }) => (
            <li key={key}>
              <label class="choice">
                <input type="checkbox" checked={chosen.includes(key)} onChange={() => toggle(key)} />
                <span>{t(label)}</span>
              </label>
            </li>
          ))}
        </ul>
      )}
    </Menu>
  );
}
