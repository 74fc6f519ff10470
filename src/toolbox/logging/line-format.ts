/** What a line is made of, under the names of Python's log records. */
export interface LineParts {
  readonly level: string;
  readonly levelNumber: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Of the program. */
  readonly name: string;
  readonly pid: number;
  readonly message: string;
  readonly task: string | undefined;
  readonly id: string | undefined;
}

const FIELD = /%(?:\((\w+)\)([-0]?)(\d*)(?:\.\d+)?[sdrf]|%)/g;

/**
 * A format of Python's logging (`%(asctime)s`, `%(levelname)-8s`, ...) as a function. `processName` is the name of the program; what a
 * record here does not have reads `???`, as Celery writes it. Dates are UTC, by `dateFormat` as strftime reads it.
 */
export function lineFormat(format: string, dateFormat: string | null): (parts: LineParts) => string {
  const asctime = dateFormat === null ? isoTime : (time: number) => strftime(dateFormat, time);
  return (parts) =>
    format.replace(FIELD, (_all, name: string | undefined, flag: string, width: string) => {
      if (name === undefined) return '%';
      const value = name === 'asctime' ? asctime(parts.time) : (VALUES[name]?.(parts) ?? '???');
      return flag === '-' ? value.padEnd(Number(width)) : value.padStart(Number(width), flag || ' ');
    });
}

const VALUES: Readonly<Record<string, (parts: LineParts) => string | undefined>> = {
  levelname: ({ level }) => level,
  levelno: ({ levelNumber }) => String(levelNumber),
  message: ({ message }) => message,
  name: ({ name }) => name,
  processName: ({ name }) => name,
  process: ({ pid }) => String(pid),
  created: ({ time }) => String(time / 1000),
  msecs: ({ time }) => String(time % 1000),
  task_name: ({ task }) => task,
  task_id: ({ id }) => id,
};

/** As Python's default: `2026-11-23 09:41:12,345`. */
const isoTime = (time: number): string =>
  new Date(time).toISOString().replace('T', ' ').replace('.', ',').replace('Z', '');

function strftime(format: string, time: number): string {
  const iso = new Date(time).toISOString();
  const [year, month, day, hour, minute, second] = iso.split(/[-T:.]/) as [string, ...string[]];
  const values: Readonly<Record<string, string | undefined>> = {
    Y: year,
    y: year.slice(2),
    m: month,
    d: day,
    H: hour,
    M: minute,
    S: second,
    f: `${iso.slice(20, 23)}000`,
    b: named(time, { month: 'short' }),
    B: named(time, { month: 'long' }),
    a: named(time, { weekday: 'short' }),
    A: named(time, { weekday: 'long' }),
    z: '+0000',
    Z: 'UTC',
    '%': '%',
  };
  return format.replace(/%(.)/g, (all, letter: string) => values[letter] ?? all);
}

const named = (time: number, how: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en', { ...how, timeZone: 'UTC' }).format(time);
