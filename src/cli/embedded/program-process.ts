import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { backoffMs } from '../../base/index.js';

export interface ProgramOptions {
  readonly name: string;
  /** Arguments of the command line. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Told each line the program writes. */
  readonly onLine: (line: string) => void;
  /** Told when the program is up, and when it ended by itself and is started again. */
  readonly onEvent?: (
    event:
      | { readonly kind: 'started'; readonly pid: number }
      | { readonly kind: 'ended'; readonly how: string },
  ) => void;
}

/** Milliseconds a program may take to stop. */
const STOP_MS = 10_000;
const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

/** One of our own command lines as a process of its own, started again when it dies. */
export class ProgramProcess {
  readonly #options: ProgramOptions;
  #child: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #deaths = 0;
  #stopping = false;

  constructor(options: ProgramOptions) {
    this.#options = options;
    this.#start();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Ends it warmly, by force after ten seconds. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(force);
  }

  #start(): void {
    const { args, env, onLine, onEvent } = this.#options;
    // The channel tells the program when this process is gone, however it ended.
    const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', onLine);
    }
    if (child.pid !== undefined) onEvent?.({ kind: 'started', pid: child.pid });
    child.once('error', (error) => this.#ended(error.message));
    child.once('exit', (code, signal) => this.#ended(signal ?? `exit code ${code}`));
  }

  #ended(how: string): void {
    if (this.#stopping) return;
    this.#options.onEvent?.({ kind: 'ended', how });
    this.#restart = setTimeout(() => this.#start(), backoffMs(this.#deaths, { baseMs: 200, maxMs: 10_000 }));
    this.#deaths += 1;
  }
}
