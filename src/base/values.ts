/**
 * Python values that JavaScript has no type for. They travel through messages and results unchanged.
 * Everything else maps to plain JavaScript: aware datetime to `Date` (UTC, milliseconds), bytes to `Uint8Array`,
 * int beyond 2^53 to `bigint`, list and tuple to array, dict to object, set to `Set`.
 */

/** decimal.Decimal, kept as its text so that no digit is lost. */
export class Decimal {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** datetime.date: `YYYY-MM-DD`. */
export class PlainDate {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** datetime.time in ISO form, with microseconds when not zero and an offset when it has one. */
export class PlainTime {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** A datetime without time zone, in ISO form: `YYYY-MM-DDTHH:MM:SS[.ffffff]`. */
export class PlainDateTime {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** uuid.UUID: the 36-character form, lower case. */
export class Uuid {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** datetime.timedelta, normalised as Python does: days of any sign, seconds 0..86399, microseconds 0..999999. */
export class TimeDelta {
  readonly days: number;
  readonly seconds: number;
  readonly microseconds: number;
  constructor(days: number, seconds: number, microseconds: number) {
    this.days = days;
    this.seconds = seconds;
    this.microseconds = microseconds;
  }
  get milliseconds(): number {
    return (this.days * 86_400 + this.seconds) * 1000 + this.microseconds / 1000;
  }
}

/** A Python object that we never build or run: its name and the data it was made from. */
export class OpaqueObject {
  readonly module: string;
  readonly qualname: string;
  readonly args: readonly unknown[];
  readonly state: unknown;
  constructor(module: string, qualname: string, args: readonly unknown[] = [], state: unknown = null) {
    this.module = module;
    this.qualname = qualname;
    this.args = args;
    this.state = state;
  }
}
