/** Keys of one chord. */
export interface ChordKeys {
  /** Parts that have ended: a sorted set, or a list. */
  readonly parts: string;
  /** Number of parts that were added while it ran. */
  readonly added: string;
  /** Number of parts it was sent with. */
  readonly size: string;
  /** Which parts have been counted. */
  readonly counted: string;
  /** Who goes on with it, or `done`. */
  readonly claim: string;
  /** The header's result tuple. */
  readonly header: string;
}

/** The names of Celery's keys (celery.backends.base, BaseKeyValueStoreBackend). */
export class ResultKeys {
  readonly #task: string;
  readonly #group: string;

  constructor(prefix: string) {
    this.#task = `${prefix}celery-task-meta-`;
    this.#group = `${prefix}celery-taskset-meta-`;
  }

  /** Key of a result, and the channel on which its changes are published. */
  task(taskId: string): string {
    return this.#task + taskId;
  }

  taskIdOf(key: string): string {
    return key.slice(this.#task.length);
  }

  group(groupId: string): string {
    return this.#group + groupId;
  }

  chord(groupId: string): ChordKeys {
    const header = this.group(groupId);
    return {
      header,
      parts: `${header}.j`,
      added: `${header}.t`,
      size: `${header}.s`,
      counted: `${header}.d`,
      claim: `${header}.c`,
    };
  }
}
