import { type Clock, systemClock } from '../../base/index.js';
import { EMPTY } from './document.js';
import { DocumentStore } from './document-store.js';
import type { EntryStore } from './entry-store.js';

/** Entries that end with the process: every start begins anew. Several beats of one process may share it. */
export function memoryEntryStore({ clock = systemClock }: { readonly clock?: Clock } = {}): EntryStore {
  let kept = EMPTY;
  return new DocumentStore({
    place: 'memory',
    transact: async (change) => {
      const [document, result] = change(kept, clock.now());
      kept = document;
      return result;
    },
    watch: () => () => undefined,
    close: async () => undefined,
  });
}
