import type { TaskFilter } from '../../../src/platform/views/index.js';
import type { MessageKey } from '../../i18n/translate.js';

/** The parts of the address that say which tasks are shown, in the order of their fields. */
export const FILTER_KEYS = [
  'type',
  'queue',
  'worker',
  'creator',
  'related',
  'root',
  'parent',
  'from',
  'to',
] as const;
export type FilterKey = (typeof FILTER_KEYS)[number];
const ALL_KEYS = ['state', ...FILTER_KEYS, 'q'] as const;

export const filterLabel = (key: FilterKey | 'state' | 'q'): MessageKey => `filter.${key}`;

/** The filter of the address as the API is asked for it. */
export function filterQuery(query: URLSearchParams, without: readonly string[] = []): URLSearchParams {
  const kept = new URLSearchParams();
  for (const key of ALL_KEYS) {
    const value = query.get(key);
    if (value !== null && value !== '' && !without.includes(key)) kept.set(key, value);
  }
  return kept;
}

/** The same, as a bulk action is told it. */
export function filterBody(query: URLSearchParams): TaskFilter {
  const { state, creator, ...rest } = Object.fromEntries(filterQuery(query)) as Partial<
    Record<(typeof ALL_KEYS)[number], string>
  >;
  return {
    ...rest,
    ...(state === undefined ? {} : { state: state.split(',') }),
    ...(creator === undefined ? {} : { creator: Number(creator) }),
  };
}

/** The filter in words, for a question. */
export const filterWords = (query: URLSearchParams): string =>
  [...filterQuery(query)].map(([key, value]) => `${key}=${value}`).join(' ');

/** `datetime-local` writes local time without a zone; the address has UTC. */
export const toLocalField = (iso: string): string => {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};
export const fromLocalField = (text: string): string => (text === '' ? '' : new Date(text).toISOString());
