import { languageChoice } from '../client/prefs.js';
import { useStore } from '../client/store.js';
import { en } from './en.js';
import { es } from './es.js';
import type { MessageKey, Messages } from './messages.js';

export type { MessageKey } from './messages.js';

export type Language = 'en' | 'es';
const dictionaries: Readonly<Record<Language, Messages>> = { en, es };
export const LANGUAGES: Readonly<Record<Language, string>> = { en: 'English', es: 'Español' };

export function language(): Language {
  const chosen = languageChoice.get();
  if (chosen !== null) return chosen;
  return navigator.languages.find((wanted) => /^(en|es)\b/.test(wanted))?.startsWith('es') ? 'es' : 'en';
}

type Values = Readonly<Record<string, string | number>>;

/**
 * The text of `key` in the person's language, `{name}` replaced by values. Where a text has a form for one and a form for
 * many (`one|many`), the value `n` chooses.
 */
export function t(key: MessageKey, values: Values = {}): string {
  const current = language();
  const forms = dictionaries[current][key].split('|');
  const n = values['n'];
  const many = forms.length > 1 && new Intl.PluralRules(current).select(Number(n)) !== 'one';
  const form = (many ? forms[1] : forms[0]) ?? '';
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? formatNumber(value) : value;
  });
}

export const formatNumber = (value: number, options?: Intl.NumberFormatOptions): string =>
  new Intl.NumberFormat(language(), options).format(value);

/** Makes a component follow a change of the language, and puts it on the document. */
export function useLanguage(): Language {
  useStore(languageChoice);
  const current = language();
  document.documentElement.lang = current;
  return current;
}
