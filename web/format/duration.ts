import { formatNumber } from '../i18n/translate.js';

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
] as const;

/** `340 ms`, `1.24 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `4 d 3 h`: at most two units. */
export function formatSeconds(seconds: number): string {
  const size = Math.abs(seconds);
  if (size === 0) return '0 s';
  if (size < 0.9995)
    return `${formatNumber(seconds * 1000, { maximumFractionDigits: size < 0.01 ? 1 : 0 })} ms`;
  if (size < 10) return `${formatNumber(seconds, { maximumFractionDigits: 2 })} s`;
  if (size < 60) return `${Math.round(seconds)} s`;
  const [unit, length] = UNITS.find(([, each]) => size >= each) ?? UNITS[2];
  const whole = Math.trunc(seconds / length);
  const [restUnit, restLength] = unit === 'd' ? UNITS[1] : unit === 'h' ? UNITS[2] : (['s', 1] as const);
  const rest = Math.trunc((Math.abs(seconds) % length) / restLength);
  return rest === 0 ? `${formatNumber(whole)} ${unit}` : `${formatNumber(whole)} ${unit} ${rest} ${restUnit}`;
}

export const formatMs = (milliseconds: number): string => formatSeconds(milliseconds / 1000);

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${formatNumber(bytes)} B`;
  const power = Math.min(4, Math.floor(Math.log2(bytes) / 10));
  return `${formatNumber(bytes / 1024 ** power, { maximumSignificantDigits: 3 })} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power] ?? ''}`;
}

/** A rate: two figures below ten, none above. */
export const formatRate = (perSecond: number): string =>
  formatNumber(perSecond, { maximumFractionDigits: perSecond < 10 ? 2 : perSecond < 100 ? 1 : 0 });

export const formatPercent = (share: number): string =>
  formatNumber(share, { style: 'percent', maximumFractionDigits: share > 0 && share < 0.1 ? 1 : 0 });
