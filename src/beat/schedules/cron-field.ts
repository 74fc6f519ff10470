import { ToolboxError } from '../../base/index.js';

/** A number, numbers, or text as in Celery: every value (a star), `1-5`, `22-2`, `mon-fri`, steps (`0-30/10`), lists with commas. */
export type CronSpec = number | string | readonly number[] | ReadonlySet<number>;

/** One field of a crontab: its name and the values it may have. */
export interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The values a field stands for, ascending. @throws CONFIG_INVALID */
export function expandCronSpec(spec: CronSpec, field: CronField): readonly number[] {
  const values = typeof spec === 'string' ? expandText(spec, field) : listed(spec, field);
  const found = [...new Set(values)].sort((one, other) => one - other);
  if (found.length === 0) throw invalid(field, spec, 'no value is given');
  return found;
}

function listed(spec: Exclude<CronSpec, string>, field: CronField): readonly number[] {
  const given = typeof spec === 'number' ? [spec] : typeof spec === 'object' ? [...spec] : undefined;
  if (given === undefined) throw invalid(field, spec, 'expected a number, text, or a list of numbers');
  for (const value of given) checked(value, field, spec);
  return given;
}

const expandText = (text: string, field: CronField): readonly number[] =>
  text.split(',').flatMap((part) => {
    if (part === '') throw invalid(field, text, 'empty part');
    return expandPart(part.trim(), field);
  });

function expandPart(part: string, field: CronField): readonly number[] {
  const [, range = part, slash, steps = ''] = /^(.*?)(?:(\/)(.*))?$/s.exec(part) ?? [];
  const values = expandRange(range, field, part);
  if (slash === undefined) return values;
  if (steps === '') throw invalid(field, part, 'empty filter');
  const every = /^\d+$/.test(steps) ? Number(steps) : 0;
  if (every === 0) throw invalid(field, part, 'a step is a whole number from 1');
  if (range !== '*' && !range.includes('-')) throw invalid(field, part, 'a step needs a range or *');
  return values.filter((_, at) => at % every === 0);
}

function expandRange(range: string, field: CronField, part: string): readonly number[] {
  const { min, max } = field;
  if (range === '*') return sequence(min, max);
  if (range.startsWith('-')) throw invalid(field, part, 'negative numbers are not supported');
  const ends = range.split('-');
  if (ends.length > 2) throw invalid(field, part, 'a range has two ends');
  const [from = min, to = from] = ends.map((end) => numberOf(end, field, part));
  return to < from ? [...sequence(from, max), ...sequence(min, to)] : sequence(from, to);
}

const sequence = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** Names count by their first three letters. */
function numberOf(text: string, field: CronField, part: string): number {
  if (/^\d+$/.test(text)) return checked(Number(text), field, part);
  const name = text.slice(0, 3).toLowerCase();
  const month = MONTHS.indexOf(name);
  const value = month >= 0 ? month + 1 : WEEKDAYS.indexOf(name);
  if (value < 0) throw invalid(field, part, `${JSON.stringify(text)} is no number, weekday or month`);
  return checked(value, field, part);
}

function checked(value: number, field: CronField, spec: unknown): number {
  if (Number.isInteger(value) && value >= field.min && value <= field.max) return value;
  throw invalid(field, spec, `${String(value)} is outside of ${field.min}-${field.max}`);
}

function invalid(field: CronField, spec: unknown, why: string): ToolboxError {
  const shown = typeof spec === 'string' ? JSON.stringify(spec) : String(spec);
  return new ToolboxError('CONFIG_INVALID', `crontab: ${field.name} ${shown}: ${why}`, {
    fields: { field: field.name },
  });
}
