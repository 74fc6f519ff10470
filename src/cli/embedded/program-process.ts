import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { backoffMs } from '../../base/index.js';
import { READY } from '../run-service.js';

/** What happens to a program: up, working, gone by itself and started again, or gone for good. */
export type ProgramEvent =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'ready' }
  | { readonly kind: 'ended'; readonly how: string }
  | { readonly kind: 'given up'; readonly how: string };

export interface ProgramOptions {
  /** Arguments of the command line. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Told each line the program writes. */
  readonly onLine: (line: string) => void;
  readonly onEvent: (event: ProgramEvent) => void;
}

/** Milliseconds a program may take to stop: longer than its own patience with running work. */
const STOP_MS = 30_000;
/** Who lived so long has done well: its next death counts as the first. */
const HEALTHY_MS = 30_000;
/** The command line or the configuration is wrong: another start would end the same. */
const WRONG = 2;
const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

/** One of our own command lines as a process of its own, started again when it dies. */
export class ProgramProcess {
  readonly #options: ProgramOptions;
  #child: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #started = 0;
  #deaths = 0;
  #stopping = false;

  constructor(options: ProgramOptions) {
    this.#options = options;
    this.#start();
  }

  /** Ends it warmly, or with SIGQUIT without waiting for what runs; by force when it does not end. */
  async stop(signal: 'SIGTERM' | 'SIGQUIT' = 'SIGTERM'): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(force);
  }

  #start(): void {
    const { args, env, onLine, onEvent } = this.#options;
    // The channel tells the program when this process is gone, however it ended. A group of its own: Ctrl+C in a terminal
    // is for this process, which stops the others in order.
    const child = spawn(process.execPath, [MAIN, ...args], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    this.#started = Date.now();
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', onLine);
    }
    if (child.pid !== undefined) onEvent({ kind: 'started', pid: child.pid });
    child.on('message', (message) => {
      if (message === READY) onEvent({ kind: 'ready' });
    });
    child.once('error', (error) => this.#ended(error.message));
    // Not `exit`: what it wrote last is read first, and says why.
    child.once('close', (code, signal) => this.#ended(signal ?? `exit code ${code}`, code === WRONG));
  }

  #ended(how: string, forGood = false): void {
    if (this.#stopping) return;
    this.#options.onEvent({ kind: forGood ? 'given up' : 'ended', how });
    if (forGood) return;
    if (Date.now() - this.#started > HEALTHY_MS) this.#deaths = 0;
    this.#restart = setTimeout(() => this.#start(), backoffMs(this.#deaths, { baseMs: 200, maxMs: 10_000 }));
    this.#deaths += 1;
  }
}
