import type pg from 'pg';
import { hasCode } from '../../base/index.js';
import type { Session } from '../../postgres/index.js';
import type { GroupMeta } from '../result-backend.js';
import { decodeGroup } from '../stored-group.js';
import { removeOlder } from './cleanup.js';
import type { TableName } from './table-names.js';
import { nextId, readTableShape, type TableShape } from './table-shape.js';

const COLUMNS = ['id', 'taskset_id', 'result', 'date_done'];

/** Groups in `celery_tasksetmeta`, which installations without saved groups need not have. */
export class GroupRows {
  readonly #session: Session;
  readonly #table: TableName;

  constructor(session: Session, table: TableName) {
    this.#session = session;
    this.#table = table;
  }

  async save(groupId: string, encoded: Uint8Array, nowMs: number): Promise<void> {
    const shape = await this.#shape();
    const [id, drawn] = shape.idSequence === undefined ? ['', ''] : ['id, ', `${nextId(shape.idSequence)}, `];
    const date = `to_timestamp($3::float8)${shape.zoned ? '' : " AT TIME ZONE 'UTC'"}`;
    await this.#session.query({
      text: `INSERT INTO ${this.#table.quoted} (${id}taskset_id, result, date_done) VALUES (${drawn}$1, $2, ${date})
        ON CONFLICT (taskset_id) DO UPDATE SET result = excluded.result, date_done = excluded.date_done`,
      values: [groupId, encoded, nowMs / 1000],
    });
  }

  async get(groupId: string): Promise<GroupMeta | undefined> {
    await this.#shape();
    const { rows } = await this.#session.query<{ result: Buffer | null } & pg.QueryResultRow>({
      text: `SELECT result FROM ${this.#table.quoted} WHERE taskset_id = $1`,
      values: [groupId],
    });
    return rows[0]?.result ? decodeGroup(groupId, rows[0].result) : undefined;
  }

  async delete(groupId: string): Promise<void> {
    await this.#shape();
    await this.#session.query({
      text: `DELETE FROM ${this.#table.quoted} WHERE taskset_id = $1`,
      values: [groupId],
    });
  }

  /** Removes groups saved before that moment; where there is no table of groups, none. */
  async removeOlder(before: Date): Promise<number> {
    try {
      return await removeOlder(this.#session, await this.#shape(), before);
    } catch (error) {
      if (hasCode(error, 'RESULT_BACKEND_REFUSED')) return 0;
      throw error;
    }
  }

  /** Looked up each time: groups are saved seldom, and the error when the table is absent is worth one query. */
  #shape(): Promise<TableShape> {
    return readTableShape(this.#session, this.#table, COLUMNS);
  }
}
