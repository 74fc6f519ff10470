import { formatNumber } from '../i18n/translate.js';
import { formatRate, formatSeconds } from './duration.js';

/** A number that may not be known. */
export const numberOr = (value: number | null): string => (value === null ? '–' : formatNumber(value));
export const secondsOr = (value: number | null): string => (value === null ? '–' : formatSeconds(value));
export const rateOr = (value: number | null): string => (value === null ? '–' : formatRate(value));
