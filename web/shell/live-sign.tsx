import type { JSX } from 'preact';
import { liveState, togglePause } from '../client/live.js';
import { useStore } from '../client/store.js';
import { t } from '../i18n/translate.js';
import { Icon } from '../parts/icon.js';

/** Whether the page follows what happens, and the button that stops it. */
export function LiveSign(): JSX.Element {
  const state = useStore(liveState);
  return (
    <button type="button" class={`live-sign ${state}`} title={t('live.toggle')} onClick={togglePause}>
      <i class="live-dot" />
      <span>{t(`live.${state}`)}</span>
      <Icon name={state === 'paused' ? 'play' : 'pause'} />
    </button>
  );
}
