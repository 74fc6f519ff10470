import { mkdirSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { multistream, pino, type StreamEntry, stdSerializers } from 'pino';
import { createStream } from 'rotating-file-stream';
import { type Logger, redact } from '../../base/index.js';
import { formatRecord, LINE_FORMATS, type LineFormats } from './format.js';
import { lineFormat } from './line-format.js';

export const LOG_LEVELS = ['debug', 'info', 'warning', 'error', 'critical'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggingOptions {
  /** Shown in every line. */
  readonly name: string;
  /** Least level that is written. Default `info`. */
  readonly level?: LogLevel;
  /** `text` for people, `json` for machines. Default `text`. */
  readonly format?: 'text' | 'json';
  /** Where lines for people go. Default: the process's standard error. */
  readonly console?: NodeJS.WritableStream | null;
  /** Colour on the console. Default: when the console is a terminal. */
  readonly colour?: boolean;
  /** Formats of lines for people, as Python's logging reads them. Default: Celery's. */
  readonly lines?: LogLines;
  /**
   * Folder for `app.info.log` (info and above) and `app.error.log` (errors); rotated at 5 MiB, two old files kept.
   * Default: no files.
   */
  readonly directory?: string;
}

/** Under the names of Celery's settings, without `worker_`. */
export interface LogLines {
  readonly log_format: string;
  readonly log_datefmt: string | null;
  /** What tasks themselves log. */
  readonly task_log_format: string;
  readonly task_log_datefmt: string | null;
}

export interface Logging {
  readonly logger: Logger;
  /** Flushes and closes the files. */
  close(): Promise<void>;
}

const PINO_LEVELS = {
  debug: 'debug',
  info: 'info',
  warning: 'warn',
  error: 'error',
  critical: 'fatal',
} as const;
const ROTATE_AT = '5M';
const OLD_FILES = 2;

/**
 * The logging of the seed's `Config`: the console in colour, an info file and an error file with rotation. Fields named
 * like secrets and passwords in URLs are masked. A log file that cannot be written never fails the work: it is
 * reported on the console once.
 */
export function setupLogging(options: LoggingOptions): Logging {
  const { name, level = 'info', format = 'text', console: terminal = process.stderr, directory } = options;
  const report = (error: Error): void =>
    void terminal?.write(`log file cannot be written: ${error.message}\n`);
  const files = directory === undefined ? [] : openFiles(resolve(directory), report);
  const colour = options.colour ?? (terminal !== null && 'isTTY' in terminal && terminal.isTTY === true);
  const { lines: formats } = options;
  const lines = formats === undefined ? LINE_FORMATS : compiled(formats);
  // Masked here, at the edge, so that the bindings of child loggers and error stacks are covered as well.
  const render = (json: string, paint: boolean): string => {
    const record = redact(JSON.parse(json)) as Record<string, unknown>;
    return format === 'json'
      ? `${JSON.stringify(record)}\n`
      : formatRecord(record, { colour: paint, allFrames: level === 'debug', lines });
  };
  const streams: StreamEntry[] = files.map(({ stream, least }) => ({
    level: least,
    stream: byLine((json) => stream.write(render(json, false))),
  }));
  if (terminal !== null)
    streams.push({
      level: PINO_LEVELS[level],
      stream: byLine((json) => terminal.write(render(json, colour))),
    });
  const root = pino(
    {
      name,
      level: PINO_LEVELS[level],
      serializers: { err: stdSerializers.err },
    },
    multistream(streams, { dedupe: false }),
  );
  return {
    logger: root,
    close: async () => {
      await Promise.all(files.map(({ stream }) => new Promise<void>((done) => stream.end(() => done()))));
    },
  };
}

const compiled = (formats: LogLines): LineFormats => ({
  all: lineFormat(formats.log_format, formats.log_datefmt),
  tasks: lineFormat(formats.task_log_format, formats.task_log_datefmt),
});

function byLine(write: (json: string) => unknown): Writable {
  return new Writable({
    decodeStrings: false,
    write: (chunk: string | Buffer, _encoding, done) => {
      write(String(chunk));
      done();
    },
  });
}

function openFiles(directory: string, onError: (error: Error) => void) {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    onError(error as Error);
    return [];
  }
  return (['info', 'error'] as const).map((least) => {
    const path = resolve(directory, `app.${least}.log`);
    const stream = createStream(basename(path), {
      path: dirname(path),
      size: ROTATE_AT,
      rotate: OLD_FILES,
      mode: 0o600,
    });
    let reported = false;
    stream.on('error', (error: Error) => {
      if (!reported) onError(error);
      reported = true;
    });
    return { stream, least };
  });
}
