import type { JSX } from 'preact';
import type { TaskCounts } from '../../../src/platform/views/index.js';
import { ActionButton } from '../../actions/action-button.js';
import { askBulk, askRetry, askRevoke } from '../../actions/task-questions.js';
import { formatNumber, t } from '../../i18n/translate.js';
import { Menu } from '../../parts/buttons.js';
import { filterBody, filterWords } from './filter.js';
import type { Selection } from './selection.js';

interface Props {
  readonly selection: Selection;
  readonly query: URLSearchParams;
  readonly counts: TaskCounts | undefined;
  readonly refresh: () => void;
}

/** How many of the chosen phases the whole filter finds. */
function found(counts: TaskCounts | undefined, state: string | null): number {
  if (counts === undefined) return 0;
  if (state === null || state === '') return counts.total.value;
  return state
    .split(',')
    .reduce((sum, phase) => sum + (counts.phases[phase as keyof TaskCounts['phases']]?.value ?? 0), 0);
}

/** What can be done with the ticked rows, or with everything the filter finds. */
export function BulkBar({ selection, query, counts, refresh }: Props): JSX.Element | null {
  const ids = [...selection.ids];
  const total = found(counts, query.get('state'));
  const filtered = filterWords(query) !== '';
  const done = (): void => {
    selection.clear();
    refresh();
  };
  if (ids.length === 0 && (!filtered || total === 0)) return null;
  return (
    <div class={ids.length > 0 ? 'bulk-bar active' : 'bulk-bar'}>
      {ids.length > 0 ? (
        <>
          <b>{t('tasks.selected', { n: ids.length })}</b>
          <ActionButton action="task.retry" icon="retry" onClick={() => askRetry(ids, { done })} />
          <ActionButton action="task.revoke" icon="ban" onClick={() => askRevoke(ids, { done })} />
          <button type="button" class="button quiet" onClick={selection.clear}>
            {t('tasks.unselect')}
          </button>
        </>
      ) : (
        <span class="soft">{t('tasks.found', { n: total })}</span>
      )}
      {filtered && total > 0 && (
        <Menu label={t('tasks.onAll', { n: total, number: formatNumber(total) })} align="start">
          {(close) => (
            <div class="menu-actions">
              {(['task.retry', 'task.revoke'] as const).map((action) => (
                <ActionButton
                  key={action}
                  action={action}
                  icon={action === 'task.retry' ? 'retry' : 'ban'}
                  onClick={() => {
                    close();
                    askBulk(action, filterBody(query), total, filterWords(query));
                  }}
                />
              ))}
            </div>
          )}
        </Menu>
      )}
    </div>
  );
}
