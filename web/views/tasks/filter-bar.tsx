import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { seen } from '../../format/foreign.js';
import { t } from '../../i18n/translate.js';
import { useKeys } from '../../keyboard/keys.js';
import { Menu } from '../../parts/buttons.js';
import { fieldText } from '../../parts/form.js';
import { Icon } from '../../parts/icon.js';
import { changeQuery } from '../../routing/location.js';
import { FILTER_KEYS, type FilterKey, filterLabel, fromLocalField, toLocalField } from './filter.js';

/** Search words on the left, the other conditions behind a button; each that holds is a chip that can be dropped. */
export function FilterBar({ query }: { query: URLSearchParams }): JSX.Element {
  const [words, setWords] = useState(query.get('q') ?? '');
  const field = useRef<HTMLInputElement>(null);
  const asked = query.get('q') ?? '';
  useEffect(() => setWords(asked), [asked]);
  useEffect(() => {
    if (query.get('focus') !== 'search') return;
    field.current?.focus();
    changeQuery({ focus: undefined }, true);
  }, []);
  useKeys({ '/': () => field.current?.focus() });
  const active = FILTER_KEYS.filter((key) => query.get(key));
  return (
    <div class="filter-bar">
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          changeQuery({ q: words, cursor: undefined });
        }}
      >
        <label class="search">
          <Icon name="search" />
          <span class="hidden">{t('filter.q')}</span>
          <input
            ref={field}
            type="search"
            name="q"
            value={words}
            placeholder={t('filter.q.example')}
            spellcheck={false}
            autocomplete="off"
            onInput={(event) => setWords(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') event.currentTarget.blur();
            }}
          />
          <kbd>/</kbd>
        </label>
      </form>
      <Menu label={t('filter.more')} icon="filter" count={active.length} align="start">
        {(close) => <FilterForm query={query} close={close} />}
      </Menu>
      {active.map((key) => (
        <button
          key={key}
          type="button"
          class="chip holds"
          title={t('filter.drop')}
          onClick={() => changeQuery({ [key]: undefined, cursor: undefined })}
        >
          {t(filterLabel(key))} <b>{shownValue(key, query.get(key) ?? '')}</b>
          <Icon name="cross" />
        </button>
      ))}
    </div>
  );
}

function shownValue(key: FilterKey, value: string): string {
  return key === 'from' || key === 'to' ? toLocalField(value).replace('T', ' ') : seen(value);
}

function FilterForm({ query, close }: { query: URLSearchParams; close: () => void }): JSX.Element {
  return (
    <form
      class="filter-form"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const changes = Object.fromEntries(
          FILTER_KEYS.map((key) => {
            const text = fieldText(form, key);
            return [key, key === 'from' || key === 'to' ? fromLocalField(text) : text];
          }),
        );
        close();
        changeQuery({ ...changes, cursor: undefined });
      }}
    >
      {FILTER_KEYS.map((key) => {
        const dated = key === 'from' || key === 'to';
        const value = query.get(key) ?? '';
        return (
          <label key={key} class="field">
            <span>{t(filterLabel(key))}</span>
            {dated ? (
              <input name={key} type="datetime-local" defaultValue={toLocalField(value)} />
            ) : (
              <input
                name={key}
                defaultValue={value}
                placeholder={key === 'type' ? 'export.*' : ''}
                spellcheck={false}
                autocomplete="off"
              />
            )}
          </label>
        );
      })}
      <button type="submit" class="button primary">
        {t('filter.apply')}
      </button>
    </form>
  );
}
