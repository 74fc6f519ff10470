import { InvalidArgumentError } from 'commander';
import { READY_STATES } from '../../base/index.js';

/** What options may hold; each throws what commander shows with the name of the option. */

export function count(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number.');
}

export function positive(text: string): number {
  const value = count(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('Expected a whole number from 1.');
}

export function seconds(text: string): number {
  if (/^\d{1,12}(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a number of seconds.');
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `90d`, `12h`: in seconds. */
export function age(text: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const found = Number(number) * (UNITS[unit] ?? Number.NaN);
  if (found > 0) return found;
  throw new InvalidArgumentError('Expected an age such as 90d, 12h or 30m.');
}

export function readyStates(text: string): readonly string[] {
  const found = names(text.toUpperCase());
  if (found.every((state) => READY_STATES.has(state))) return found;
  throw new InvalidArgumentError(`Expected ${[...READY_STATES].join(', ')}: only what has ended is removed.`);
}

export function names(text: string): readonly string[] {
  const found = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (found.length > 0) return found;
  throw new InvalidArgumentError('Expected names separated by commas.');
}

/** `max,min`; without `min`, one. */
export function range(text: string): { readonly max: number; readonly min: number } {
  const [, max, min = '1'] = /^(\d{1,6})(?:,(\d{1,6}))?$/.exec(text) ?? [];
  if (max !== undefined && Number(max) >= 1 && Number(min) <= Number(max))
    return { max: Number(max), min: Number(min) };
  throw new InvalidArgumentError('Expected the most and the fewest: 10,2.');
}

/** Seconds, or a time as ISO text. */
export function secondsOrTime(text: string): number | string {
  return /^\d+(\.\d+)?$/.test(text) ? seconds(text) : time(text);
}

export function time(text: string): string {
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError('Expected a time such as 2026-11-23T09:30:00Z.');
}
