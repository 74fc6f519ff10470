import type { JSX } from 'preact';
import type { QueueView } from '../../../src/platform/views/index.js';
import { ActionButton } from '../../actions/action-button.js';
import { ask } from '../../actions/ask.js';
import { performNow } from '../../actions/perform.js';
import { t } from '../../i18n/translate.js';
import { withQuery } from '../../routing/location.js';

export function PauseButton({ queue, refresh }: { queue: QueueView; refresh: () => void }): JSX.Element {
  const action = queue.paused ? 'queue.resume' : 'queue.pause';
  return (
    <ActionButton
      action={action}
      icon={queue.paused ? 'play' : 'pause'}
      onClick={() => void performNow(action, queue.name, refresh)}
    />
  );
}

export function PurgeButton({ queue, refresh }: { queue: QueueView; refresh: () => void }): JSX.Element {
  const { name } = queue;
  return (
    <ActionButton
      action="queue.purge"
      icon="trash"
      danger
      onClick={() =>
        ask({
          title: t('ask.purge'),
          body: t('ask.purge.body', { name, n: queue.depth ?? 0 }),
          warning: t('ask.purge.note'),
          download: {
            value: withQuery('/tasks/export.csv', { queue: name, state: 'queued,scheduled' }),
            label: t('ask.purge.export'),
          },
          confirm: name,
          danger: true,
          button: t('action.queue.purge'),
          act: {
            kind: 'action',
            action: 'queue.purge',
            targets: [name],
            parameters: () => ({ confirm: name }),
          },
          done: refresh,
        })
      }
    />
  );
}
