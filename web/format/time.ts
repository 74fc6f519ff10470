import { language } from '../i18n/translate.js';

const cache = new Map<string, Intl.DateTimeFormat>();
function formatter(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language()} ${name}`;
  const found = cache.get(key) ?? new Intl.DateTimeFormat(language(), options);
  cache.set(key, found);
  return found;
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;

/** `14:03:09` today, `3 Nov, 14:03` this year, with the year before. */
export function formatMoment(at: Date, now: Date): string {
  if (at.toDateString() === now.toDateString()) return formatter('clock', CLOCK).format(at);
  const { hour, minute, hourCycle } = CLOCK;
  const day = { day: 'numeric', month: 'short', hour, minute, hourCycle } as const;
  if (at.getFullYear() === now.getFullYear()) return formatter('day', day).format(at);
  return formatter('year', { ...day, year: 'numeric' }).format(at);
}

export const formatClock = (at: Date): string => formatter('clock', CLOCK).format(at);

/** Local time with its zone, and UTC: what a tooltip shows. */
export function fullMoment(at: Date): string {
  const local = formatter('full', { dateStyle: 'full', timeStyle: 'long' }).format(at);
  return `${local}\n${at.toISOString()}`;
}

const STEPS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `3 minutes ago`, `in 2 hours`; the shorter form where there is little room. */
export function relative(at: Date, now: Date, style: 'long' | 'narrow' = 'narrow'): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const [unit, length] = STEPS.find(([, each]) => Math.abs(seconds) >= each) ?? STEPS[3];
  const words = new Intl.RelativeTimeFormat(language(), { numeric: 'auto', style });
  return words.format(Math.trunc(seconds / length), unit);
}
