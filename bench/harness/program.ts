import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { usageOf } from './process-tree.js';

const RSS_EVERY_MS = 100;
const TERM_MS = 5_000;
/** No case takes that long: what has not come by then does not come. */
const STUCK_MS = 300_000;

export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A program under measurement, in a process group of its own. */
export class Program {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #lines: string[] = [];
  readonly #waiters: (() => void)[] = [];
  readonly #rssTimer: NodeJS.Timeout;
  readonly startedAt = performance.now();
  #stderr = '';
  #ended = false;
  #maxRssMb = 0;

  constructor({ command, args, env, cwd }: ProgramOptions) {
    this.#child = spawn(command, args, {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
    });
    this.#exited = new Promise((resolve) => {
      this.#child.once('close', () => {
        this.#ended = true;
        this.#wake();
        resolve();
      });
      this.#child.once('error', (error) => {
        this.#stderr += String(error);
      });
    });
    if (this.#child.stdout !== null) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => {
        this.#lines.push(line);
        this.#wake();
      });
    }
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4_000);
    });
    this.#rssTimer = setInterval(() => this.#sampleRss(), RSS_EVERY_MS);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Largest resident size of the process tree so far. */
  get maxRssMb(): number {
    this.#sampleRss();
    return this.#maxRssMb;
  }

  cpuSeconds(): number {
    return usageOf(this.pid).cpuSeconds;
  }

  /** Waits for a line that begins so and gives what follows; throws when the program ends first. */
  async line(beginning: string): Promise<string> {
    for (;;) {
      const at = this.#lines.findIndex((line) => line.startsWith(beginning));
      if (at >= 0) return (this.#lines.splice(0, at + 1).at(-1) ?? '').slice(beginning.length).trim();
      this.check();
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  /** Lines printed so far, and not waited for, that begin so. */
  printed(beginning: string): number {
    return this.#lines.filter((line) => line.startsWith(beginning)).length;
  }

  send(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Asks until it holds; throws when the program ends first. */
  async until(holds: () => Promise<boolean>, everyMs: number): Promise<void> {
    const end = performance.now() + STUCK_MS;
    while (!(await holds())) {
      this.check();
      if (performance.now() > end) throw new Error(`${this.#child.spawnargs.join(' ')} does not get on`);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  /** Throws when the program has ended. */
  check(): void {
    if (this.#ended) throw new Error(`${this.#child.spawnargs.join(' ')} ended early:\n${this.#stderr}`);
  }

  /** Ends the whole group: politely, then not. */
  async stop(): Promise<void> {
    clearInterval(this.#rssTimer);
    if (!this.#ended) {
      this.#kill('SIGTERM');
      const late = setTimeout(() => this.#kill('SIGKILL'), TERM_MS);
      await this.#exited;
      clearTimeout(late);
    }
  }

  #kill(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // Gone already.
    }
  }

  #sampleRss(): void {
    if (!this.#ended) this.#maxRssMb = Math.max(this.#maxRssMb, usageOf(this.pid).rssMb);
  }

  #wake(): void {
    for (const waiter of this.#waiters.splice(0)) waiter();
  }
}
