import type { FamilyMember } from '../../platform/index.js';
import type { CliContext, Colours } from '../context.js';

/** What is shown of a running task. */
export interface Shown extends Pick<FamilyMember, 'taskId' | 'type' | 'status'> {
  /** What tells tasks of one type apart. */
  readonly label: string;
  readonly progress: { readonly done: number; readonly total: number } | undefined;
}

const BAR = 24;

/**
 * Live progress: on a terminal a block of bars that is drawn over, elsewhere a line for each change of state.
 */
export class ProgressLines {
  readonly #context: CliContext;
  readonly #colours: Colours;
  readonly #states = new Map<string, string>();
  #drawn = 0;

  constructor(context: CliContext, colours: Colours) {
    this.#context = context;
    this.#colours = colours;
  }

  update(tasks: readonly Shown[]): void {
    if (this.#context.out.isTTY) this.#redraw(tasks);
    else for (const task of tasks) this.#say(task);
  }

  #redraw(tasks: readonly Shown[]): void {
    const { out } = this.#context;
    if (this.#drawn > 0) out.write(`\x1b[${this.#drawn}A`);
    for (const task of tasks)
      out.write(`\x1b[2K  ${task.label.padEnd(22)} ${this.#bar(task)} ${this.#state(task)}\n`);
    this.#drawn = tasks.length;
  }

  #say(task: Shown): void {
    const percent = Math.floor(4 * share(task)) * 25;
    const state = task.status === 'PROGRESS' ? `${task.status} ${percent}%` : task.status;
    if (this.#states.get(task.taskId) === state) return;
    this.#states.set(task.taskId, state);
    this.#context.out.write(`  ${task.label.padEnd(22)} ${state}\n`);
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

const share = ({ status, progress }: Shown): number =>
  status === 'SUCCESS'
    ? 1
    : progress === undefined || progress.total === 0
      ? 0
      : progress.done / progress.total;
