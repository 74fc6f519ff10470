import type { JSX } from 'preact';
import { languageChoice, themeChoice } from '../client/prefs.js';
import { session, signOut } from '../client/session.js';
import { useStore } from '../client/store.js';
import { LANGUAGES, type Language, language, t } from '../i18n/translate.js';
import { helpOpen } from '../keyboard/help.js';
import { Foreign } from '../parts/foreign.js';
import { Icon, type IconName } from '../parts/icon.js';

const THEMES: readonly (readonly ['system' | 'light' | 'dark', IconName])[] = [
  ['system', 'half'],
  ['light', 'sun'],
  ['dark', 'moon'],
];

export function PersonMenu(): JSX.Element {
  const who = useStore(session);
  const theme = useStore(themeChoice);
  return (
    <div class="person">
      <p class="person-name">
        <Icon name="user" />
        <span>
          <Foreign text={who?.user ?? ''} />
          <small>{who === null || who === undefined ? '' : t(`role.${who.role}`)}</small>
        </span>
      </p>
      <div class="person-tools choices">
        <div class="segments" role="group" aria-label={t('theme')}>
          {THEMES.map(([choice, icon]) => (
            <button
              key={choice}
              type="button"
              aria-pressed={theme === choice}
              aria-label={t(`theme.${choice}`)}
              title={t(`theme.${choice}`)}
              onClick={() => themeChoice.set(choice)}
            >
              <Icon name={icon} />
            </button>
          ))}
        </div>
        <select
          aria-label={t('language')}
          value={language()}
          onChange={(event) => languageChoice.set(event.currentTarget.value as Language)}
        >
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div class="person-tools">
        <button type="button" class="rail-link" onClick={() => helpOpen.set(true)}>
          <Icon name="keyboard" />
          {t('keys.short')}
        </button>
        {who?.canSignOut === true && (
          <button type="button" class="rail-link" onClick={() => void signOut()}>
            {t('signOut')}
          </button>
        )}
      </div>
    </div>
  );
}
