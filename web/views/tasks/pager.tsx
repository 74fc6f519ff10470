import type { JSX } from 'preact';
import { t } from '../../i18n/translate.js';
import { Icon } from '../../parts/icon.js';
import { changeQuery } from '../../routing/location.js';

interface Page {
  readonly items: readonly unknown[];
  readonly next: string | null;
  readonly previous: string | null;
}

export function Pager({ page }: { page: Page }): JSX.Element | null {
  const { next, previous } = page;
  if (next === null && previous === null) return null;
  const go = (cursor: string | null): void => {
    if (cursor !== null) changeQuery({ cursor });
  };
  return (
    <nav class="pager" aria-label={t('pages')}>
      <button type="button" class="button" disabled={previous === null} onClick={() => go(previous)}>
        <Icon name="left" />
        {t('pages.previous')}
        <kbd>[</kbd>
      </button>
      <button type="button" class="button" disabled={next === null} onClick={() => go(next)}>
        {t('pages.next')}
        <kbd>]</kbd>
        <Icon name="right" />
      </button>
    </nav>
  );
}
