import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { ChangeTopic } from '../../src/platform/views/index.js';
import { onChange } from './live.js';
import { Problem, request } from './request.js';
import { createStore } from './store.js';

/** Since when nothing could be read: what is shown is from then. Null while all is well. */
export const staleSince = createStore<number | null>(null);

export interface Resource<T> {
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  /** True while an answer for this very address is awaited and nothing of it is shown. */
  readonly loading: boolean;
  refresh(): void;
}

interface Shown<T> {
  readonly path: string | null;
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
}

const REST_MS = 1000;
const RETRY_MS = 3000;
const CACHED = 60;
const cache = new Map<string, unknown>();
let lastGood = Date.now();

function remember(path: string, data: unknown): void {
  cache.delete(path);
  cache.set(path, data);
  const [oldest] = cache.keys();
  if (cache.size > CACHED && oldest !== undefined) cache.delete(oldest);
}
export const forgetAll = (): void => cache.clear();

/** An answer of now, or the last one the server had while its database was there (`stale.since`). */
function note(data: unknown): void {
  const since = (data as { stale?: { since: string } } | undefined)?.stale?.since;
  lastGood = since === undefined ? Date.now() : Date.parse(since);
  staleSince.set(since === undefined ? null : lastGood);
}

/**
 * What the API says at `path` (null: nothing yet), read again when something of `topics` changes, at most once a second.
 * What was seen before is shown at once; what cannot be read now stays, and is asked for again every three seconds.
 */
export function useResource<T>(path: string | null, topics: readonly ChangeTopic[]): Resource<T> {
  const [shown, setShown] = useState<Shown<T>>({ path: null, data: undefined, problem: undefined });
  const load = useRef<() => void>(() => undefined);
  const subjects = topics.join();

  useEffect(() => {
    if (path === null) return undefined;
    const aborted = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let busy = false;
    let again = false;
    let last = 0;

    const read = async (): Promise<void> => {
      busy = true;
      again = false;
      last = Date.now();
      try {
        const data = await request<T>(path, { signal: aborted.signal });
        remember(path, data);
        note(data);
        setShown({ path, data, problem: undefined });
        if (staleSince.get() !== null) timer = setTimeout(() => void read(), RETRY_MS);
      } catch (error) {
        if (aborted.signal.aborted) return;
        if (!(error instanceof Problem)) throw error;
        if (error.passing) {
          staleSince.set(staleSince.get() ?? lastGood);
          timer = setTimeout(() => void read(), RETRY_MS);
        }
        setShown((before) =>
          before.path === path && error.passing
            ? { ...before, problem: error }
            : { path, data: undefined, problem: error },
        );
      } finally {
        busy = false;
      }
      if (again && !aborted.signal.aborted) schedule();
    };
    const schedule = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => void read(), Math.max(0, last + REST_MS - Date.now()));
    };
    load.current = () => {
      if (busy) again = true;
      else schedule();
    };

    const seen = cache.get(path) as T | undefined;
    if (seen !== undefined) setShown({ path, data: seen, problem: undefined });
    void read();
    const stop = onChange(subjects.split(',') as ChangeTopic[], () => load.current());
    return () => {
      stop();
      clearTimeout(timer);
      aborted.abort();
    };
  }, [path, subjects]);

  const refresh = useCallback(() => load.current(), []);
  const current = shown.path === path;
  return {
    // The page before stays, dimmed, until the next one is there.
    data: shown.data,
    problem: current ? shown.problem : undefined,
    loading: path !== null && !(current && (shown.data !== undefined || shown.problem !== undefined)),
    refresh,
  };
}
