import type { JSX } from 'preact';
import { savedViews } from '../../client/prefs.js';
import { useStore } from '../../client/store.js';
import { t } from '../../i18n/translate.js';
import { Menu } from '../../parts/buttons.js';
import { fieldText } from '../../parts/form.js';
import { Icon } from '../../parts/icon.js';
import { currentPlace, href } from '../../routing/location.js';

/** Filters people come back to, kept in this browser under a name. */
export function SavedViews(): JSX.Element {
  const views = useStore(savedViews);
  const save = (name: string): void => {
    const query = new URLSearchParams(currentPlace().query);
    query.delete('cursor');
    savedViews.set([...views.filter((view) => view.name !== name), { name, query: query.toString() }]);
  };
  return (
    <Menu label={t('views')} icon="bookmark">
      {(close) => (
        <>
          {views.length === 0 && <p class="soft menu-note">{t('views.none')}</p>}
          <ul class="menu-list">
            {views.map((view) => (
              <li key={view.name} class="saved-view">
                <a href={href(`/tasks?${view.query}`)} onClick={close}>
                  {view.name}
                </a>
                <button
                  type="button"
                  class="mark-button"
                  aria-label={t('views.delete', { name: view.name })}
                  onClick={() => savedViews.set(views.filter((other) => other !== view))}
                >
                  <Icon name="trash" />
                </button>
              </li>
            ))}
          </ul>
          <form
            class="save-view"
            onSubmit={(event) => {
              event.preventDefault();
              const name = fieldText(event.currentTarget, 'name');
              if (name === '') return;
              save(name);
              event.currentTarget.reset();
            }}
          >
            <input
              name="name"
              required
              maxLength={60}
              placeholder={t('views.name')}
              aria-label={t('views.name')}
              autocomplete="off"
            />
            <button type="submit" class="button">
              {t('views.save')}
            </button>
          </form>
        </>
      )}
    </Menu>
  );
}
