import type { Database, FamilyMember } from '../../platform/index.js';

/** What the demo calls its tasks: the type, and for parts of an export which part, which the record of the call tells. */
export class Labels {
  readonly #database: Database;
  readonly #known = new Map<string, string>();

  constructor(database: Database) {
    this.#database = database;
  }

  of({ taskId, type }: FamilyMember): string {
    return this.#known.get(taskId) ?? type;
  }

  /** Looks up who is new. */
  async learn(members: readonly FamilyMember[]): Promise<void> {
    const fresh = members.filter(({ taskId }) => !this.#known.has(taskId));
    if (fresh.length === 0) return;
    const rows = await this.#database.query<{ id: string; label: string }>({
      text: `SELECT task_id AS id, concat_ws(' ', type, input->'kwargs'->>'part') AS label
        FROM tasks_backgroundtask WHERE task_id = ANY($1)`,
      values: [fresh.map(({ taskId }) => taskId)],
    });
    for (const { id, label } of rows) this.#known.set(id, label);
  }
}
