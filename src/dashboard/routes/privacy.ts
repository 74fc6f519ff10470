import type { ShownValue, TaskDetail, TaskSummary } from '../../platform/index.js';
import type { Principal } from '../auth/principal.js';
import { ProblemError } from '../http/problem.js';
import type { Services } from '../services.js';

const HIDDEN = '<private>';
const hiddenValue: ShownValue = { json: HIDDEN, bytes: 0, truncated: false, undecodable: null };

/** What one person may see of tasks whose arguments are private. */
export class Privacy {
  readonly #patterns: readonly string[];

  constructor({ privateTasks }: Pick<Services, 'privateTasks'>, { role }: Principal) {
    this.#patterns = role === 'viewer' ? privateTasks : [];
  }

  hides(task: string): boolean {
    return this.#patterns.some((pattern) =>
      pattern.endsWith('*') ? task.startsWith(pattern.slice(0, -1)) : task === pattern,
    );
  }

  /** A search in arguments tells of them by what it finds: private tasks are left out of it. */
  found(tasks: readonly TaskSummary[], query: { readonly q?: string | undefined }): TaskSummary[] {
    const shown = query.q === undefined ? tasks : tasks.filter(({ name }) => !this.hides(name));
    return shown.map((task) => this.summary(task));
  }

  /** @throws FORBIDDEN: how many fit a search tells as much. */
  refuseCounting(query: { readonly q?: string | undefined }): void {
    if (query.q === undefined || this.#patterns.length === 0) return;
    throw new ProblemError(
      403,
      'FORBIDDEN',
      'counting what a search finds needs the role operator: some tasks are private',
    );
  }

  /** @throws FORBIDDEN */
  refuse(task: string): void {
    if (this.hides(task))
      throw new ProblemError(403, 'FORBIDDEN', `${task} is private: this needs the role operator`);
  }

  summary<T extends TaskSummary>(task: T): T {
    return this.hides(task.name) ? { ...task, args: HIDDEN, kwargs: HIDDEN } : task;
  }

  detail(task: TaskDetail): TaskDetail {
    if (!this.hides(task.name)) return task;
    return {
      ...this.summary(task),
      input: { args: hiddenValue, kwargs: hiddenValue },
      result: task.result && hiddenValue,
      failure: task.failure && { ...task.failure, message: HIDDEN, traceback: null },
      options: {},
    };
  }
}
