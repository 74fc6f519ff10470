import type { JSX } from 'preact';
import type { QueueView } from '../../../src/platform/views/index.js';
import { t } from '../../i18n/translate.js';
import { Badge } from '../../parts/state.js';

export function QueueStatus({ queue }: { queue: QueueView }): JSX.Element {
  if (queue.problem !== null)
    return (
      <Badge tone="bad" icon="warning">
        {t('queue.unreachable')}
      </Badge>
    );
  if (queue.paused)
    return (
      <Badge tone="warn" icon="pause">
        {t('queue.paused')}
      </Badge>
    );
  if (queue.consumers === 0)
    return (
      <Badge tone="warn" icon="warning">
        {t('queue.noConsumer')}
      </Badge>
    );
  return (
    <Badge tone="ok" icon="check">
      {t('queue.running')}
    </Badge>
  );
}
