import type { AnyState } from '../../base/index.js';
import type { Colours, Output } from '../context.js';

export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** What is shown of a running task. */
export interface Shown {
  readonly taskId: string;
  readonly label: string;
  readonly status: AnyState;
  readonly progress: Progress | undefined;
}

const BAR = 24;
const LABEL = 22;

/** Live progress: on a terminal a block of bars that is drawn over, elsewhere a line for each change. */
export class ProgressLines {
  readonly #out: Output;
  readonly #colours: Colours;
  readonly #said = new Map<string, string>();
  #drawn = 0;

  constructor(out: Output, colours: Colours) {
    this.#out = out;
    this.#colours = colours;
  }

  update(tasks: readonly Shown[]): void {
    if (this.#out.isTTY) this.#redraw(tasks);
    else for (const task of tasks) this.#say(task);
  }

  #redraw(tasks: readonly Shown[]): void {
    if (this.#drawn > 0) this.#out.write(`\x1b[${this.#drawn}A`);
    for (const task of tasks)
      this.#out.write(`\x1b[2K  ${task.label.padEnd(LABEL)} ${this.#bar(task)} ${this.#state(task)}\n`);
    this.#drawn = tasks.length;
  }

  /** In quarters, so that a log stays short. */
  #say(task: Shown): void {
    const percent = Math.floor(4 * share(task)) * 25;
    const state = task.status === 'PROGRESS' ? `PROGRESS ${percent}%` : task.status;
    if (this.#said.get(task.taskId) === state) return;
    this.#said.set(task.taskId, state);
    this.#out.write(`  ${task.label.padEnd(LABEL)} ${state}\n`);
  }

  #bar(task: Shown): string {
    const full = Math.round(BAR * share(task));
    return this.#colours.cyan('█'.repeat(full)) + this.#colours.dim('░'.repeat(BAR - full));
  }

  #state({ status }: Shown): string {
    if (status === 'SUCCESS') return this.#colours.green(status);
    return status === 'FAILURE' ? this.#colours.red(status) : status;
  }
}

/** From 0 to 1. */
function share({ status, progress }: Shown): number {
  if (status === 'SUCCESS') return 1;
  return progress === undefined || progress.total <= 0 ? 0 : Math.min(1, progress.done / progress.total);
}
