import { useEffect, useState } from 'preact/hooks';

/** One value that views watch. */
export interface Store<T> {
  get(): T;
  set(value: T): void;
  watch(listener: (value: T) => void): () => void;
}

export function createStore<T>(first: T): Store<T> {
  let value = first;
  const listeners = new Set<(value: T) => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of listeners) listener(value);
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export function useStore<T>(store: Store<T>): T {
  const [value, set] = useState(() => store.get());
  useEffect(() => {
    set(() => store.get());
    return store.watch((next) => set(() => next));
  }, [store]);
  return value;
}
