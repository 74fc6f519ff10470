import { inspect } from 'node:util';
import { TASK_LOGGER } from '../../base/index.js';
import { type LineParts, lineFormat } from './line-format.js';

/** pino's level numbers to names. */
const LEVELS: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARNING',
  50: 'ERROR',
  60: 'CRITICAL',
};
const COLOURS: Readonly<Record<string, string>> = {
  DEBUG: '\x1b[34m',
  WARNING: '\x1b[33m',
  ERROR: '\x1b[31m',
  CRITICAL: '\x1b[35m',
};
const RESET = '\x1b[0m';
/** Said elsewhere in the line, or by every line alike. */
const HIDDEN = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'name', 'err']);
/** In lines of a task's own logger its name and id have their place. */
const HIDDEN_OF_TASKS = new Set([...HIDDEN, 'logger', 'task', 'id']);

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
/** Where this package's own modules are. */
const OWN = new URL('../..', import.meta.url);

export interface FormatOptions {
  /** ANSI colours by level, as Celery's ColorFormatter. */
  readonly colour: boolean;
  /** Show the frames of this package and of Node in stacks as well. Default false: they say nothing of the task. */
  readonly allFrames?: boolean;
  readonly lines: LineFormats;
}

/** How lines begin, by the source of their record; fields and stacks follow. */
export interface LineFormats {
  readonly all: (parts: LineParts) => string;
  /** What tasks themselves log. */
  readonly tasks: (parts: LineParts) => string;
}

/** Celery's own. */
export const LINE_FORMATS: LineFormats = {
  all: lineFormat('[%(asctime)s: %(levelname)s/%(processName)s] %(message)s', null),
  tasks: lineFormat(
    '[%(asctime)s: %(levelname)s/%(processName)s] %(task_name)s[%(task_id)s]: %(message)s',
    null,
  ),
};

/**
 * Turns one log record into the line Celery's users know:
 * `[2026-11-23 09:41:12,345: INFO/export] task succeeded  task=math.add id=… runtime=0.012`, and what a task itself says into
 * `[…: INFO/export] math.add[3e0e…]: half way  step=1`. An error that comes from the user's code follows with its stack on
 * lines of its own; any other is one more field.
 */
export function formatRecord(
  record: Readonly<Record<string, unknown>>,
  { colour, allFrames = false, lines }: FormatOptions,
): string {
  const level = LEVELS[Number(record.level)] ?? 'INFO';
  const ofTask = record.logger === TASK_LOGGER;
  const hidden = ofTask ? HIDDEN_OF_TASKS : HIDDEN;
  const { field, stack } = errorOf(record.err as LoggedError | undefined, allFrames);
  const fields = Object.entries({ ...record, ...field })
    .filter(([key, value]) => !hidden.has(key) && value !== undefined && value !== null)
    .map(([key, value]) => `${key}=${shown(value)}`)
    .join(' ');
  const head = (ofTask ? lines.tasks : lines.all)({
    level,
    levelNumber: Number(record.level),
    time: Number(record.time),
    name: text(record.name, 'main'),
    pid: Number(record.pid),
    message: text(record.msg, ''),
    task: shownName(record.task),
    id: shownName(record.id),
  });
  const line = `${head}${fields === '' ? '' : `  ${fields}`}${stack}`;
  const paint = colour ? COLOURS[level] : undefined;
  return `${paint === undefined ? line : `${paint}${line}${RESET}`}\n`;
}

interface LoggedError {
  readonly type?: string;
  readonly message?: string;
  readonly stack?: string;
}

/** How an error is shown: with its stack where that leads into the user's code, else as a field. */
function errorOf(
  error: LoggedError | undefined,
  allFrames: boolean,
): { readonly field: { readonly error?: string }; readonly stack: string } {
  if (error === undefined) return { field: {}, stack: '' };
  const lines = (error.stack ?? '').split('\n');
  const kept = allFrames ? lines : lines.filter((line) => !isOurs(line));
  if (kept.some(isFrame)) return { field: {}, stack: `\n${kept.join('\n')}` };
  const { type = 'Error', message = '' } = error;
  return { field: { error: type === 'ToolboxError' ? message : `${type}: ${message}` }, stack: '' };
}

const isFrame = (line: string): boolean => /^\s+at /.test(line);
const isOurs = (line: string): boolean =>
  isFrame(line) && (/[( ]node:/.test(line) || line.includes(OWN.href) || line.includes(OWN.pathname));

/** Texts from messages must not look like further lines, or steer a terminal. */
function shown(value: unknown): string {
  if (typeof value === 'string') return CONTROL.test(value) ? JSON.stringify(value) : value;
  if (typeof value === 'number') return String(Math.round(value * 1e6) / 1e6);
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY });
}

const shownName = (value: unknown): string | undefined =>
  typeof value === 'string' ? shown(value) : undefined;

const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
