import { ToolboxError } from '../base/index.js';
import type { TaskRegistry } from './app.js';
import type { RegisteredTask } from './task-definition.js';

/** The tasks of one app by name; of those that it lacks, the ones below. */
export class Tasks implements TaskRegistry {
  readonly #byName = new Map<string, RegisteredTask>();
  readonly #below: TaskRegistry | undefined;

  constructor(below?: TaskRegistry) {
    this.#below = below;
  }

  get(name: string): RegisteredTask | undefined {
    return this.#byName.get(name) ?? this.#below?.get(name);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  register(task: RegisteredTask): void {
    const known = this.#byName.get(task.name);
    if (known !== undefined && known !== task) {
      throw new ToolboxError(
        'TASK_DUPLICATE',
        `A task named ${task.name} is already registered: give one of them another name`,
        {
          fields: { task: task.name },
        },
      );
    }
    this.#byName.set(task.name, task);
  }

  replace(task: RegisteredTask): void {
    this.#byName.set(task.name, task);
  }

  names(): readonly string[] {
    return [...new Set([...this.#byName.keys(), ...(this.#below?.names() ?? [])])];
  }
}
