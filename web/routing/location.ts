import { useEffect, useState } from 'preact/hooks';

/** Where the page is: a path below its prefix, and the query. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Path the dashboard is mounted under, as the server wrote it on the document. */
const prefix = document.documentElement.dataset['prefix'] ?? '';
const listeners = new Set<() => void>();

function read(): Place {
  const path = location.pathname.startsWith(prefix) ? location.pathname.slice(prefix.length) : '/';
  return { path: path === '' ? '/' : path, query: new URLSearchParams(location.search) };
}
let place = read();

function moved(): void {
  place = read();
  for (const listener of listeners) listener();
}
addEventListener('popstate', moved);

/** The address of a view or of the API, below the prefix. */
export const href = (path: string): string => `${prefix}${path}`;
export const taskPath = (id: string): string => `/task/${encodeURIComponent(id)}`;
export const currentPlace = (): Place => place;

export function navigate(to: string, { replace = false }: { replace?: boolean } = {}): void {
  if (replace) history.replaceState(null, '', href(to));
  else history.pushState(null, '', href(to));
  const before = place.path;
  moved();
  if (place.path !== before) scrollTo(0, 0);
}

export function usePlace(): Place {
  const [now, set] = useState(place);
  useEffect(() => {
    const listener = (): void => set(place);
    listener();
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return now;
}

/** `path?query` without the empty parts of the query. */
export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const kept = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return kept.length === 0 ? path : `${path}?${new URLSearchParams(kept).toString()}`;
}

/** Changes parts of the query in place: `undefined` takes one away. */
export function changeQuery(changes: Readonly<Record<string, string | undefined>>, replace = false): void {
  const query = new URLSearchParams(place.query);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined || value === '') query.delete(key);
    else query.set(key, value);
  }
  const text = query.toString();
  navigate(`${place.path}${text === '' ? '' : `?${text}`}`, { replace });
}

/** Links to our own views change the view without loading the page anew. */
export function followLinks(): void {
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
      return;
    const link = (event.target as Element).closest('a');
    if (link === null || link.target !== '' || link.hasAttribute('download')) return;
    const to = new URL(link.href);
    if (to.origin !== location.origin || !to.pathname.startsWith(`${prefix}/`)) return;
    if (to.pathname.startsWith(`${prefix}/api/`)) return;
    // The skip link and the like stay on their view.
    if (to.hash !== '' && to.pathname === location.pathname && to.search === location.search) return;
    event.preventDefault();
    navigate(to.pathname.slice(prefix.length) + to.search);
  });
}
