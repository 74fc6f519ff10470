import type { App } from '../app/index.js';
import { configuredEntries, type Entry, readEntry } from './entries/index.js';
import type { EntryStore } from './stores/entry-store.js';

/** An entry of code or store by its name, checked; undefined when there is none. @throws CONFIG_INVALID */
export async function findEntry(
  app: App,
  store: EntryStore,
  name: string,
): Promise<{ readonly entry: Entry; readonly source: 'app' | 'store' } | undefined> {
  const configured = (await configuredEntries(app)).get(name);
  if (configured !== undefined) return { entry: configured, source: 'app' };
  const stored = (await store.load()).find((one) => one.name === name && one.source === 'store');
  return stored && { entry: readEntry(name, stored.definition), source: 'store' };
}
