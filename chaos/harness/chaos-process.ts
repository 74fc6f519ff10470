import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { compiled } from './build.js';

/** A program of `chaos/children`, in a process group of its own. It is told its plan, and prints a line when it is ready. */
export class ChaosProcess {
  readonly #child: ChildProcess;
  readonly #ready: Promise<void>;
  readonly ended: Promise<number | null>;
  #stderr = '';

  constructor(program: string, plan: object) {
    this.#child = spawn(process.execPath, [compiled(program), JSON.stringify(plan)], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4_000);
    });
    this.ended = once(this.#child, 'exit').then(([code]) => code as number | null);
    if (this.#child.stdout === null) throw new Error('a program has an output');
    const ready = once(createInterface(this.#child.stdout), 'line').then(() => undefined);
    const early = this.ended.then((code) => {
      throw new Error(`the ${program} ended with ${code} before it was ready:\n${this.#stderr}`);
    });
    this.#ready = Promise.race([ready, early]);
    this.#ready.catch(() => undefined);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  ready(): Promise<void> {
    return this.#ready;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** To the whole group. */
  signal(signal: NodeJS.Signals): void {
    try {
      if (this.running) process.kill(-this.pid, signal);
    } catch (error) {
      // It may have ended by itself just now.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }
}
