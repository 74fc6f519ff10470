import { OpaqueObject, TimeDelta } from '../../base/index.js';
import { type DateFields, parseTime, type TimeFields, toInstant } from '../iso-time.js';

const HOUR = 3_600e6;
/** Named zones one value may use: each costs the engine a table. */
const MAX_ZONES = 100;

/** Distances from UTC, in microseconds, of the time zones Python programs put into datetimes. */
export class ZoneOffsets {
  readonly #formats = new Map<string, Intl.DateTimeFormat | undefined>();

  /** The offset of a zone that has only one; undefined for others and for what is no known zone. */
  fixed(zone: unknown): number | undefined {
    if (!(zone instanceof OpaqueObject)) return undefined;
    const [first, second] = zone.args;
    switch (`${zone.module}.${zone.qualname}`) {
      case 'pytz._UTC':
      case 'dateutil.tz.tz.tzutc':
        return 0;
      case 'datetime.timezone':
        return deltaMicros(first);
      case 'pytz.FixedOffset':
        return typeof first === 'number' ? first * 60e6 : undefined;
      case 'pytz._p':
        // A local zone is pickled with the offset in force: (name, seconds from UTC, summer time, abbreviation).
        return typeof second === 'number' ? second * 1e6 : undefined;
      case 'dateutil.tz.tz.tzoffset':
        return deltaMicros((zone.state as { _offset?: unknown } | null)?._offset);
      default:
        return undefined;
    }
  }

  /** The offset in force at a clock time. `fold` picks the later of two moments with the same clock time. */
  at(zone: unknown, clock: DateFields & TimeFields, fold: boolean): number | undefined {
    const fixed = this.fixed(zone);
    if (fixed !== undefined || !(zone instanceof OpaqueObject)) return fixed;
    const isNamed = (zone.module === 'zoneinfo' && zone.qualname === 'ZoneInfo') || zone.module === 'pytz';
    const name = zone.args[0];
    const format = isNamed && typeof name === 'string' ? this.#format(name) : undefined;
    if (!format) return undefined;
    const local = toInstant({ ...clock, offset: 0 }).getTime();
    const before = offsetAt(format, local - 86_400_000);
    const after = offsetAt(format, local + 86_400_000);
    if (before === undefined || after === undefined) return undefined;
    const valid = [before, after].filter((offset) => offsetAt(format, local - offset / 1000) === offset);
    // Nothing valid: a clock time that was skipped. PEP 495 takes the offset before the gap, or after it for fold.
    const [earlier = before, later = valid.length ? earlier : after] = valid;
    return fold ? later : earlier;
  }

  #format(name: string): Intl.DateTimeFormat | undefined {
    if (!this.#formats.has(name)) {
      if (this.#formats.size >= MAX_ZONES) return undefined;
      this.#formats.set(name, zoneFormat(name));
    }
    return this.#formats.get(name);
  }
}

function zoneFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    return undefined; // The engine does not know the zone.
  }
}

function offsetAt(format: Intl.DateTimeFormat, instant: number): number | undefined {
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value;
  if (name === undefined) return undefined;
  return name === 'GMT' ? 0 : (parseTime(`00:00${name.slice(3)}`)?.offset ?? undefined);
}

function deltaMicros(value: unknown): number | undefined {
  if (!(value instanceof TimeDelta)) return undefined;
  const micros = value.milliseconds * 1000;
  return Math.abs(micros) <= 24 * HOUR ? Math.round(micros) : undefined;
}
