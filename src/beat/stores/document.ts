import { isDeepStrictEqual } from 'node:util';
import type { Entry } from '../entries/index.js';
import type { Claim, Lead, Leadership, StoredEntry } from './entry-store.js';

/** Entries, progress and leader as one value, for stores that keep it as one: memory, a file, a key of Redis. */
export interface ScheduleDocument {
  readonly version: 1;
  /** Of the leader there is, or of the last one. */
  readonly token: number;
  readonly leader: { readonly holder: string; readonly until: number } | null;
  readonly entries: Readonly<Record<string, StoredEntry>>;
}

/** A document as it should be now, and what to tell the caller. */
export type Change<T> = readonly [document: ScheduleDocument, result: T];

export const EMPTY: ScheduleDocument = { version: 1, token: 0, leader: null, entries: {} };

const holds = ({ token, leader }: ScheduleDocument, lead: Lead): boolean =>
  leader !== null && token === lead.token;

export function takeLead(
  document: ScheduleDocument,
  holder: string,
  ttlMs: number,
  now: number,
): Change<Leadership> {
  const { leader } = document;
  // A clock that was set back must not make a leader of long ago one for hours.
  const free = leader === null ? 0 : Math.min(leader.until - now, ttlMs);
  if (leader !== null && leader.holder !== holder && free > 0) {
    return [document, { leading: false, freeInMs: free }];
  }
  const again = leader?.holder === holder && free > 0;
  const token = again ? document.token : document.token + 1;
  return [
    { ...document, token, leader: { holder, until: now + ttlMs } },
    { leading: true, token, now },
  ];
}

export const giveUpLead = (document: ScheduleDocument, lead: Lead): Change<void> => [
  holds(document, lead) ? { ...document, leader: null } : document,
  undefined,
];

const fresh = (name: string, source: StoredEntry['source'], definition: unknown): StoredEntry => ({
  name,
  source,
  definition,
  cursor: null,
  timezone: null,
  pending: null,
  lastRunAt: null,
  totalRunCount: 0,
});

const redefined = (
  known: StoredEntry | undefined,
  name: string,
  source: StoredEntry['source'],
  definition: unknown,
): StoredEntry => ({ ...(known ?? fresh(name, source, definition)), source, definition });

export function configureEntries(
  document: ScheduleDocument,
  entries: ReadonlyMap<string, Entry>,
  lead: Lead,
): Change<void> {
  if (!holds(document, lead)) return [document, undefined];
  const kept = Object.entries(document.entries).filter(
    ([name, { source }]) => source === 'store' && !entries.has(name),
  );
  const configured = [...entries].map(
    ([name, entry]) => [name, redefined(document.entries[name], name, 'app', entry)] as const,
  );
  const next = Object.fromEntries([...kept, ...configured]);
  return [isDeepStrictEqual(next, document.entries) ? document : { ...document, entries: next }, undefined];
}

export function claimEntries(
  document: ScheduleDocument,
  claims: readonly Claim[],
  lead: Lead,
): Change<ReadonlySet<string>> {
  if (!holds(document, lead)) return [document, new Set()];
  const entries = { ...document.entries };
  const held = new Set<string>();
  for (const { name, was, cursor, timezone, pending } of claims) {
    const entry = entries[name];
    if (entry === undefined || entry.cursor !== was) continue;
    entries[name] = { ...entry, cursor, timezone, pending };
    held.add(name);
  }
  return [held.size === 0 ? document : { ...document, entries }, held];
}

export function settleEntries(
  document: ScheduleDocument,
  taskIds: readonly string[],
  at: number,
  lead: Lead,
): Change<void> {
  if (!holds(document, lead)) return [document, undefined];
  const sent = new Set(taskIds);
  const entries = Object.fromEntries(
    Object.entries(document.entries).map(([name, entry]) => [
      name,
      entry.pending !== null && sent.has(entry.pending.taskId)
        ? { ...entry, pending: null, lastRunAt: at, totalRunCount: entry.totalRunCount + 1 }
        : entry,
    ]),
  );
  return [{ ...document, entries }, undefined];
}

export const putEntry = (document: ScheduleDocument, name: string, entry: Entry): Change<void> => [
  {
    ...document,
    entries: { ...document.entries, [name]: redefined(document.entries[name], name, 'store', entry) },
  },
  undefined,
];

export function removeEntry(document: ScheduleDocument, name: string): Change<boolean> {
  const { [name]: gone, ...entries } = document.entries;
  return [gone === undefined ? document : { ...document, entries }, gone !== undefined];
}
