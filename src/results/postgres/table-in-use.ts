import type { Session } from '../../postgres/index.js';
import type { TableName } from './table-names.js';
import { readTableShape, type TableShape } from './table-shape.js';

/** What messages call the database of results. */
export const RESULT_DATABASE = 'result database';

const REQUIRED = ['id', 'task_id', 'status', 'result', 'date_done', 'traceback'];

/** The task table, looked up once for all who use it, and again after the database refused something. */
export class TableInUse {
  readonly #name: TableName;
  #shape: Promise<TableShape> | undefined;

  constructor(name: TableName) {
    this.#name = name;
  }

  /** Rejects with the driver's error, or RESULT_BACKEND_REFUSED when there is no such table. */
  shape(session: Session): Promise<TableShape> {
    if (this.#shape === undefined) {
      const looking = readTableShape(session, this.#name, REQUIRED);
      this.#shape = looking;
      looking.catch(() => {
        if (this.#shape === looking) this.#shape = undefined;
      });
    }
    return this.#shape;
  }

  lookAgain(): void {
    this.#shape = undefined;
  }
}
