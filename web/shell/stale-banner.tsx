import type { JSX } from 'preact';
import { staleSince } from '../client/resource.js';
import { useStore } from '../client/store.js';
import { formatClock } from '../format/time.js';
import { t } from '../i18n/translate.js';
import { Icon } from '../parts/icon.js';

export function StaleBanner(): JSX.Element | null {
  const since = useStore(staleSince);
  if (since === null) return null;
  return (
    <div class="stale" role="alert">
      <Icon name="warning" />
      {t('stale', { time: formatClock(new Date(since)) })}
    </div>
  );
}
