import { ToolboxError } from '../../base/index.js';
import type { CallOptions } from '../call-options.js';
import { parseIsoTime, toIsoTime } from './iso-time.js';

/** When a call may run and when it is too late, as its message says it. */
export interface CallTimes {
  readonly eta: string | null;
  readonly expires: string | null;
  /** Milliseconds as a decimal string, `0` for a time in the past. */
  readonly expiration: string | undefined;
  /** Seconds from now until the eta, 0 when it is not in the future. */
  readonly delaySeconds: number;
}

type TimeOptions = { readonly [K in 'countdown' | 'eta' | 'expires']?: CallOptions[K] | null | undefined };

const SMALLEST = -2_147_483_648;

/**
 * Reads `countdown`, `eta` and `expires` (protocol 1.3): a countdown other than 0 wins over the eta; strings go as they are.
 *
 * @throws ToolboxError CONFIG_INVALID when one of them is no time.
 */
export function callTimes(task: string, { countdown, eta, expires }: TimeOptions, now: number): CallTimes {
  const start = countdown ? later(task, 'countdown', countdown, now) : textOf(task, 'eta', eta);
  const end =
    typeof expires === 'number' ? later(task, 'expires', expires, now) : textOf(task, 'expires', expires);
  const due = start === null ? now : readTime(task, 'eta', start);
  return {
    eta: start,
    expires: end,
    expiration: end === null ? undefined : leftUntil(task, end, expires, now),
    delaySeconds: Math.max(0, (due - now) / 1000),
  };
}

const leftUntil = (task: string, end: string, given: TimeOptions['expires'], now: number): string => {
  const left = typeof given === 'number' ? given * 1000 : readTime(task, 'expires', end) - now;
  return String(Math.max(0, Math.trunc(left)));
};

function later(task: string, option: string, seconds: number, now: number): string {
  const moment = now + seconds * 1000;
  if (seconds < SMALLEST || Number.isNaN(new Date(moment).getTime())) {
    throw invalid(task, option, seconds, 'a number of seconds that leads to a date');
  }
  return toIsoTime(moment);
}

function textOf(task: string, option: string, given: Date | string | null | undefined): string | null {
  if (given === null || given === undefined) return null;
  if (typeof given === 'string') return given;
  if (Number.isNaN(given.getTime())) throw invalid(task, option, given, 'a valid Date');
  return toIsoTime(given.getTime());
}

function readTime(task: string, option: string, text: string): number {
  const time = parseIsoTime(text);
  if (time === undefined) throw invalid(task, option, text, 'an ISO time such as 2026-11-23T00:40:29+00:00');
  return time;
}

const invalid = (task: string, option: string, value: unknown, expected: string): ToolboxError =>
  new ToolboxError(
    'CONFIG_INVALID',
    `Option ${option} of a call of ${task}: expected ${expected}, got ${String(value)}`,
    {
      fields: { task, option, value },
    },
  );
