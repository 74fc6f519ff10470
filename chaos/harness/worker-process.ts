import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { DeathPoint } from '../children/deaths.js';
import { compiled } from './build.js';

/** What a worker is told: its app's settings, where its ledger is, how it works. */
export interface WorkerPlan {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly ledger: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Where it kills itself, once for each task. */
  readonly dies?: DeathPoint;
}

/** A worker as a program, in a process group of its own. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #ready: Promise<void>;
  readonly ended: Promise<number | null>;
  #stderr = '';

  constructor(plan: WorkerPlan) {
    this.#child = spawn(process.execPath, [compiled('worker'), JSON.stringify(plan)], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4_000);
    });
    this.ended = once(this.#child, 'exit').then(([code]) => code as number | null);
    if (this.#child.stdout === null) throw new Error('a worker has an output');
    const ready = once(createInterface(this.#child.stdout), 'line').then(() => undefined);
    const early = this.ended.then((code) => {
      throw new Error(`the worker ended with ${code} before it was ready:\n${this.#stderr}`);
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
