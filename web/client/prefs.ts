import { createStore, type Store } from './store.js';

/** A choice of the person, kept in this browser. */
function kept<T>(name: string, fallback: T, valid: (value: unknown) => boolean): Store<T> {
  const key = `workertoolbox.${name}`;
  let first = fallback;
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (valid(stored)) first = stored as T;
  } catch {
    // No storage, or not ours: the fallback holds.
  }
  const store = createStore(first);
  store.watch((value) => {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // A full or forbidden storage costs the memory of a choice, nothing else.
    }
  });
  return store;
}

const oneOf =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value);
const isList = (value: unknown): boolean => Array.isArray(value);

export interface SavedView {
  readonly name: string;
  readonly query: string;
}

export const themeChoice = kept<'system' | 'light' | 'dark'>(
  'theme',
  'system',
  oneOf('system', 'light', 'dark'),
);
export const languageChoice = kept<'en' | 'es' | null>('language', null, oneOf('en', 'es'));
export const keysOn = kept('keys', true, oneOf(true, false));
export const columnChoice = kept<readonly string[] | null>('columns', null, isList);
export const savedViews = kept<readonly SavedView[]>('views', [], isList);

/** Puts the chosen theme on the document; without a choice the system's holds. */
export function applyTheme(): void {
  const apply = (choice: string): void => {
    if (choice === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = choice;
    dispatchEvent(new Event('themechange'));
  };
  apply(themeChoice.get());
  themeChoice.watch(apply);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
    dispatchEvent(new Event('themechange')),
  );
}
