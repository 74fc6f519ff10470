/** A time of day follows a full date only. Groups: date, year, month and day in either form, time of day, zone. */
const FORM =
  /^(\d{4})(?:-(\d\d)|(?:-(\d\d)-(\d\d)|(\d\d)(\d\d))(?:\D(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|z|[+-]\d\d(?::?\d\d)?)?)?)?$/;

const DAY_MS = 86_400_000;

/**
 * Milliseconds since 1970 of an ISO time as Celery's readers take it (protocol 1.3): extended and basic forms, week dates, any
 * separator, fractions of any precision, `Z` or an offset. Without an offset it is UTC. Undefined when it is no such time.
 */
export function parseIsoTime(given: string): number | undefined {
  const text = fromWeekDate(given);
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [
    ,
    year,
    month0,
    month1,
    day1,
    month2,
    day2,
    hour = '0',
    minute = '0',
    second = '0',
    fraction = '',
    zone,
  ] = match;
  const [y, mo, d] = [Number(year), Number(month0 ?? month1 ?? month2 ?? 1), Number(day1 ?? day2 ?? 1)];
  const [h, mi, s] = [Number(hour), Number(minute), Number(second)];
  // Python has no year after it.
  if (h === 24 && y === 9999 && mo === 12 && d === 31) return undefined;
  const day = new Date(0);
  const date = day.setUTCFullYear(y, mo - 1, d);
  if (day.getUTCMonth() !== mo - 1 || day.getUTCDate() !== d) return undefined;
  // 24:00 is the end of the day; nothing else may carry hour 24.
  if (h > 24 || mi > 59 || s > 59 || (h === 24 && (mi > 0 || s > 0 || Number(fraction) > 0)))
    return undefined;
  const offset = offsetMinutes(zone);
  if (offset === undefined) return undefined;
  const milliseconds = fraction === '' ? 0 : Number(`0.${fraction}`) * 1000;
  return date + ((h * 60 + mi - offset) * 60 + s) * 1000 + milliseconds;
}

const WEEK_FORM = /^(\d{4})(?:-W(\d\d)(?:-([1-7]))?|W(\d\d)([1-7])?)(?=$|\D)/;

/** A week date (`2026-W48-1`, `2026W481`) in the form of a calendar date; anything else as it is. */
function fromWeekDate(text: string): string {
  const match = WEEK_FORM.exec(text);
  if (match === null) return text;
  const [whole, year, week1, day1, week2, day2] = match;
  const week = Number(week1 ?? week2);
  if (week < 1 || week > 53) return '';
  // The first week is the one with January 4th; weeks begin on Monday.
  const january4 = new Date(Date.UTC(Number(year), 0, 4));
  const monday = january4.getTime() - ((january4.getUTCDay() + 6) % 7) * DAY_MS;
  const day = monday + ((week - 1) * 7 + Number(day1 ?? day2 ?? 1) - 1) * DAY_MS;
  return new Date(day).toISOString().slice(0, 10) + text.slice(whole.length);
}

function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** A moment as Python's `isoformat()` writes it in UTC: `2026-11-23T00:40:29.455000+00:00`, no fraction when it is zero. */
export function toIsoTime(milliseconds: number): string {
  const [seconds = '', fraction = '000Z'] = new Date(Math.round(milliseconds)).toISOString().split('.');
  return fraction === '000Z' ? `${seconds}+00:00` : `${seconds}.${fraction.slice(0, 3)}000+00:00`;
}
