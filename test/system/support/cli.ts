import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A command line that runs as a process. It is killed when its test ends. */
export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Both streams, line by line, as far as they came. */
  readonly lines: readonly string[];
  /** Resolves with the first line, old or new, that matches; rejects when the process ends without. */
  line(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/** The environment of the tests without what would configure the command line. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(AWS_|CELERY_|RESULT_DB_|WORKERTOOLBOX_(?!TEST)|NODE_OPTIONS|VITEST|NO_COLOR|SENTRY)/.test(name),
  );
  return { ...Object.fromEntries(kept), NODE_ENV: 'production' };
}

export function start(args: readonly string[], { env, cwd = ROOT }: CliOptions = {}): Running {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting = new Set<(line: string) => void>();
  const texts = { out: '', err: '' };
  for (const name of ['out', 'err'] as const) {
    const stream = name === 'out' ? child.stdout : child.stderr;
    stream.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      for (const look of waiting) look(line);
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...texts }));
  const line = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (text: string): void => {
        if (!pattern.test(text)) return;
        waiting.delete(look);
        resolve(text);
      };
      waiting.add(look);
      lines.forEach(look);
      void ended.then(() => reject(new Error(`ended without ${pattern}:\n${lines.join('\n')}`)));
    });
  const kill = (signal: NodeJS.Signals): void => void child.kill(signal);
  return { child, pid: child.pid as number, lines, line, kill, ended };
}

/** Runs a command line to its end. */
export function cli(args: readonly string[], options: CliOptions = {}): Promise<Ended> {
  return start(args, options).ended;
}

/** As `start`, for one test: whatever the test does, the process is gone afterwards. */
export function startHere(args: readonly string[], options: CliOptions = {}): Running {
  const running = start(args, options);
  onTestFinished(async () => {
    running.kill('SIGKILL');
    await running.ended;
  });
  return running;
}
