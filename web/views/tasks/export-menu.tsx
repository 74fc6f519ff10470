import type { JSX } from 'preact';
import { t } from '../../i18n/translate.js';
import { Menu } from '../../parts/buttons.js';
import { Icon } from '../../parts/icon.js';
import { href } from '../../routing/location.js';
import { filterQuery } from './filter.js';

export function ExportMenu({ query }: { query: URLSearchParams }): JSX.Element {
  const filter = filterQuery(query).toString();
  return (
    <Menu label={t('tasks.export')} icon="download">
      {() => (
        <ul class="menu-list">
          {(['csv', 'ndjson'] as const).map((format) => (
            <li key={format}>
              <a href={href(`/api/v1/tasks/export.${format}${filter === '' ? '' : `?${filter}`}`)} download>
                <Icon name="download" />
                {t(`tasks.export.${format}`)}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Menu>
  );
}
