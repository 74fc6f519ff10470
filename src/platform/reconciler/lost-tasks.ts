import { failureFrom, type ResultBackend } from '../../results/index.js';
import { WorkerLostError } from '../../worker/index.js';
import type { Presence, Runner } from './presence.js';
import { type StartedTask, startedTask } from './started-task.js';

/**
 * What is known of a task that was begun:
 * - `running`: its worker lives, or may;
 * - `lost`: its worker is gone, and its message with it;
 * - `unjudged`: its message comes again, or may, or its worker cannot be heard here.
 */
export type Verdict = 'running' | 'lost' | 'unjudged';

export interface BegunTask {
  readonly taskId: string;
  /** Node name; null: the row does not say. */
  readonly worker: string | null;
  readonly pid: number | null;
  readonly verdict: Verdict;
}

export interface LostTasksOptions {
  readonly backend: Required<Pick<ResultBackend, 'started' | 'get' | 'store'>>;
  readonly presence: Presence;
  /** Whether the heartbeats of that worker would be heard here. */
  readonly isHeard: (instance: string) => boolean;
  /** Judge tasks whose rows do not say how their message was acknowledged. */
  readonly unmarked: boolean;
}

interface Seen {
  readonly task: StartedTask;
  /** Monotonic: since when the row is known to say so. */
  readonly since: number;
}

/** Most rows read at once. */
const PAGE = 500;

/** Finds the tasks that nobody runs any more although they were begun, and fails them. */
export class LostTasks {
  readonly #options: LostTasksOptions;
  #seen = new Map<string, Seen>();

  constructor(options: LostTasksOptions) {
    this.#options = options;
  }

  /** Looks at every task that was begun and has not ended. Times are monotonic milliseconds. */
  async look(now: number): Promise<readonly BegunTask[]> {
    const { backend } = this.#options;
    const ids = await backend.started();
    const before = this.#seen;
    this.#seen = new Map();
    for (const id of ids) {
      const seen = before.get(id);
      if (seen !== undefined) this.#seen.set(id, seen);
    }
    await this.#read(
      ids.filter((id) => !this.#seen.has(id)),
      now,
    );
    // A row may have changed since it was read: another worker may have begun the task.
    await this.#read(
      [...this.#seen.values()]
        .filter((one) => this.#verdict(one, now) === 'lost')
        .map(({ task }) => task.taskId),
      now,
    );
    return [...this.#seen.values()].map((one) => ({
      taskId: one.task.taskId,
      worker: one.task.runner?.hostname ?? null,
      pid: one.task.pid,
      verdict: this.#verdict(one, now),
    }));
  }

  /** Resolves when the task is FAILURE, unless it has ended otherwise meanwhile. The outcome of a run still replaces it. */
  async fail({ taskId, worker, pid }: BegunTask): Promise<void> {
    const error = new WorkerLostError(
      `The worker ${worker ?? 'that ran it'} (process ${pid ?? 'unknown'}) is gone, and the message was acknowledged before the task ran.`,
    );
    const record = { taskId, status: 'FAILURE', result: failureFrom(error), traceback: null } as const;
    await this.#options.backend.store(record);
    this.#seen.delete(taskId);
  }

  async #read(ids: readonly string[], now: number): Promise<void> {
    for (let from = 0; from < ids.length; from += PAGE) {
      for (const meta of await this.#options.backend.get(ids.slice(from, from + PAGE))) {
        const task = startedTask(meta);
        const known = this.#seen.get(meta.taskId);
        if (task === undefined) this.#seen.delete(meta.taskId);
        else if (known === undefined || !isSame(known.task.runner, task.runner)) {
          this.#seen.set(meta.taskId, { task, since: now });
        }
      }
    }
  }

  #verdict({ task: { runner, acknowledged }, since }: Seen, now: number): Verdict {
    const { presence, isHeard, unmarked } = this.#options;
    if (runner === undefined || (acknowledged === undefined && !unmarked)) return 'unjudged';
    if (runner.instance !== undefined && !isHeard(runner.instance)) return 'unjudged';
    return presence.isGone(runner, since, now) ? 'lost' : 'running';
  }
}

const isSame = (one: Runner | undefined, other: Runner | undefined): boolean =>
  one?.hostname === other?.hostname && one?.instance === other?.instance;
