import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { BulkView } from '../../src/platform/views/index.js';
import { onChange } from '../client/live.js';
import { Problem, request } from '../client/request.js';
import { useStore } from '../client/store.js';
import { formatNumber, t } from '../i18n/translate.js';
import { say } from '../parts/announce.js';
import { Icon } from '../parts/icon.js';
import { bulk, stopBulk } from './perform.js';
import { ItemList } from './report.js';

const LOOK_MS = 1000;

async function look(id: string): Promise<void> {
  try {
    bulk.set(await request<BulkView>(`/bulk/${encodeURIComponent(id)}`));
  } catch (error) {
    // Looked for again at the next turn.
    if (!(error instanceof Problem)) throw error;
  }
}

/** How far an action on a filter is, wherever one goes meanwhile; with its stop. */
export function BulkTray(): JSX.Element | null {
  const view = useStore(bulk);
  const [open, setOpen] = useState(false);
  const id = view?.id;
  const running = view?.state === 'running';
  useEffect(() => {
    if (id === undefined || !running) return undefined;
    const timer = setInterval(() => void look(id), LOOK_MS);
    const stop = onChange(['bulk'], () => void look(id));
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [id, running]);
  useEffect(() => {
    if (view !== null && !running) say(t(`bulk.${view.state}`, { done: view.done }));
  }, [running]);
  if (view === null) return null;
  const worked = view.done + view.refused + view.failed;
  return (
    <section class="bulk" aria-label={t('bulk.title')}>
      <div class="bulk-head">
        <b>
          {t(
            view.action === 'task.retry' ||
              view.action === 'task.revoke' ||
              view.action === 'quarantine.replay' ||
              view.action === 'quarantine.discard'
              ? `action.${view.action}`
              : 'bulk.title',
          )}
        </b>
        <span class="soft">{t(`bulk.${view.state}`, { done: view.done })}</span>
        <span class="bulk-numbers">
          {formatNumber(worked)} / {formatNumber(view.total)}
        </span>
      </div>
      <progress max={Math.max(1, view.total)} value={worked} aria-label={t('bulk.title')} />
      <div class="bulk-foot">
        <span class="ok">{t('bulk.done', { n: view.done })}</span>
        <span>{t('bulk.refused', { n: view.refused })}</span>
        <span class={view.failed > 0 ? 'bad' : ''}>{t('bulk.failedCount', { n: view.failed })}</span>
        <span class="grow" />
        {view.problems.length > 0 && (
          <button type="button" class="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('bulk.problems')}
          </button>
        )}
        {running ? (
          <button type="button" class="button danger" onClick={() => void stopBulk(view.id)}>
            <Icon name="stop" />
            {t('bulk.stop')}
          </button>
        ) : (
          <button type="button" class="button" onClick={() => bulk.set(null)}>
            {t('close')}
          </button>
        )}
      </div>
      {open && <ItemList items={view.problems} />}
    </section>
  );
}
