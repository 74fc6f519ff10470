import { ToolboxError } from '../base/index.js';
import type { TaskRegistry } from './app.js';
import type { RegisteredTask } from './task-definition.js';

/** The tasks of one app by name. */
export class Tasks implements TaskRegistry {
  readonly #byName = new Map<string, RegisteredTask>();

  get(name: string): RegisteredTask | undefined {
    return this.#byName.get(name);
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
    return [...this.#byName.keys()];
  }
}
