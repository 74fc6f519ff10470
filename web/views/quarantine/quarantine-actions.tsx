import type { JSX } from 'preact';
import type { QuarantineDetail } from '../../../src/platform/views/index.js';
import { ActionButton } from '../../actions/action-button.js';
import { ask } from '../../actions/ask.js';
import { performNow } from '../../actions/perform.js';
import { t } from '../../i18n/translate.js';
import type { Selection } from '../tasks/selection.js';

export function ReplayButton({ id, refresh }: { id: string; refresh: () => void }): JSX.Element {
  return (
    <ActionButton
      action="quarantine.replay"
      icon="retry"
      onClick={() => void performNow('quarantine.replay', id, refresh)}
    />
  );
}

/** Several at once are replayed only when their number is typed. */
function askReplay(ids: readonly string[], done: () => void): void {
  ask({
    title: t('action.quarantine.replay'),
    body: t('ask.messages', { n: ids.length }),
    ...(ids.length > 1 ? { confirm: String(ids.length) } : {}),
    button: t('action.quarantine.replay'),
    act: { kind: 'action', action: 'quarantine.replay', targets: ids, parameters: () => ({}) },
    done,
  });
}

export function askDiscard(ids: readonly string[], done: () => void): void {
  ask({
    title: t('action.quarantine.discard'),
    body: t('ask.messages', { n: ids.length }),
    fields: [
      { kind: 'area', name: 'note', label: t('quarantine.noteField'), hint: t('quarantine.noteHint') },
    ],
    ...(ids.length > 1 ? { confirm: String(ids.length) } : {}),
    danger: true,
    button: t('action.quarantine.discard'),
    act: { kind: 'action', action: 'quarantine.discard', targets: ids, parameters: ({ note }) => ({ note }) },
    done,
  });
}

/** The body can be edited where it is text; otherwise only what stands around it. */
export function askReplayWithEdits(item: QuarantineDetail, done: () => void): void {
  const { text } = item.body;
  ask({
    title: t('quarantine.edit'),
    warning: t('quarantine.edit.note'),
    fields: [
      {
        kind: 'json',
        name: 'headers',
        label: t('quarantine.headers'),
        value: JSON.stringify(item.headers, null, 2),
      },
      ...(text === null
        ? []
        : [{ kind: 'area', name: 'body', label: t('quarantine.body'), value: text } as const]),
    ],
    button: t('action.quarantine.replay'),
    act: {
      kind: 'action',
      action: 'quarantine.replay',
      targets: [item.id],
      parameters: ({ headers = '{}', body }) => ({
        edits: { headers: JSON.parse(headers) as unknown, ...(body === undefined ? {} : { body }) },
      }),
    },
    done,
  });
}

export function QuarantineBar({
  selection,
  refresh,
}: {
  selection: Selection;
  refresh: () => void;
}): JSX.Element | null {
  const ids = [...selection.ids];
  if (ids.length === 0) return null;
  const done = (): void => {
    selection.clear();
    refresh();
  };
  return (
    <div class="bulk-bar active">
      <b>{t('tasks.selected', { n: ids.length })}</b>
      <ActionButton action="quarantine.replay" icon="retry" onClick={() => askReplay(ids, done)} />
      <ActionButton action="quarantine.discard" icon="trash" danger onClick={() => askDiscard(ids, done)} />
      <button type="button" class="button quiet" onClick={selection.clear}>
        {t('tasks.unselect')}
      </button>
    </div>
  );
}
