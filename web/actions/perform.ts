import type { ActionName, ActionReport, BulkRequest, BulkView } from '../../src/platform/views/index.js';
import { Problem, request } from '../client/request.js';
import { createStore } from '../client/store.js';
import { t } from '../i18n/translate.js';
import { showToast } from '../parts/announce.js';

/** One for each thing a person decides: the server does it once however often it is sent. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const perform = (
  action: ActionName,
  targets: readonly string[],
  parameters: Readonly<Record<string, unknown>>,
  idempotencyKey: string,
): Promise<ActionReport> =>
  request<ActionReport>(`/actions/${action}`, {
    method: 'POST',
    body: { ...parameters, targets },
    idempotencyKey,
  });

/** The bulk action at work, and the last one that ended. */
export const bulk = createStore<BulkView | null>(null);

export async function startBulk(asked: BulkRequest, idempotencyKey: string): Promise<void> {
  bulk.set(await request<BulkView>('/bulk', { method: 'POST', body: asked, idempotencyKey }));
}
export async function stopBulk(id: string): Promise<void> {
  bulk.set(await request<BulkView>(`/bulk/${encodeURIComponent(id)}/stop`, { method: 'POST', body: {} }));
}

const busy = new Set<string>();

/** Does at once what needs no question, and says what came of it. A second click meanwhile is the same click. */
export async function performNow(action: ActionName, target: string, done?: () => void): Promise<void> {
  const which = `${action} ${target}`;
  if (busy.has(which)) return;
  busy.add(which);
  try {
    const { items } = await perform(action, [target], {}, newKey());
    const [item] = items;
    const fine = item?.outcome === 'done' || item?.outcome === 'skipped';
    showToast({
      tone: fine ? 'ok' : 'bad',
      text: item === undefined ? t('done.nothing') : `${t(`action.${action}`)}: ${item.message}`,
    });
    done?.();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    showToast({ tone: 'bad', text: error.message });
  } finally {
    busy.delete(which);
  }
}
