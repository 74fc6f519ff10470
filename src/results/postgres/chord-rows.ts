import type pg from 'pg';
import type { Clock } from '../../base/index.js';
import { type Session, sqlState } from '../../postgres/index.js';
import { DEFAULT_DECODE_BUDGET, readJson, writeJson } from '../../serialization/index.js';
import type { ChordStore, ClaimedChord, WatchedChord } from '../chord-store.js';
import {
  ADD_SQL,
  ATTEND_SQL,
  BEGIN_SQL,
  CHORDS_USABLE,
  claimDueSql,
  claimSql,
  ENDED_SQL,
  LEAVE_SQL,
  NEXT_DUE_SQL,
  OPEN_SQL,
  REMOVE_CHORDS_SQL,
  UNSURE_SQL,
} from './chord-table.js';
import { statementName } from './statement-name.js';
import type { TableShape } from './table-shape.js';

/** Runs statements as all reading does: again while the database is away. */
type Patiently = <T>(what: string, run: (shape: TableShape) => Promise<T>) => Promise<T>;

interface Row extends pg.QueryResultRow {
  readonly group_id: string;
  readonly header: string;
  readonly added: readonly string[];
  readonly body: string;
  readonly again: boolean;
  readonly late: boolean;
}

/** Milliseconds after which a table that was missing, or forbidden, is looked for again. */
const LOOK_AGAIN_MS = 30_000;

/** Chords in `workertoolbox.chord`, which installations need not have. */
export class ChordRows implements ChordStore {
  readonly #session: Session;
  readonly #patiently: Patiently;
  readonly #clock: Clock;
  #usable = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(session: Session, clock: Clock, patiently: Patiently) {
    this.#session = session;
    this.#clock = clock;
    this.#patiently = patiently;
  }

  begin(chord: WatchedChord): Promise<boolean> {
    return this.#with('begin a chord', false, async () => {
      const { rowCount } = await this.#query(BEGIN_SQL, valuesOf(chord));
      return rowCount === 1;
    });
  }

  open(chord: WatchedChord): Promise<boolean> {
    return this.#with('watch a chord', false, async () => {
      await this.#query(OPEN_SQL, valuesOf(chord));
      return true;
    });
  }

  async attend(keeper: string, scope: string, seconds: number): Promise<void> {
    await this.#with('attend to chords', undefined, () =>
      seconds > 0 ? this.#query(ATTEND_SQL, [keeper, scope, seconds]) : this.#query(LEAVE_SQL, [keeper]),
    );
  }

  add(groupId: string, scope: string, taskId: string): Promise<boolean> {
    return this.#with('add to a chord', false, async () => {
      await this.#query(ADD_SQL, [groupId, scope, taskId]);
      return true;
    });
  }

  claim(groupId: string): Promise<ClaimedChord | undefined> {
    return this.#with('claim a chord', undefined, async ({ table }) => {
      const { rows } = await this.#query<Row>(claimSql(table.quoted), [groupId]);
      return rows[0] && claimed(rows[0]);
    });
  }

  claimDue(scope: string): Promise<readonly ClaimedChord[]> {
    return this.#with('look at chords', [], async ({ table }) => {
      const { rows } = await this.#query<Row>(claimDueSql(table.quoted), [scope]);
      return rows.map(claimed);
    });
  }

  nextDue(scope: string): Promise<number | null> {
    return this.#with('look at chords', null, async () => {
      const { rows } = await this.#query<{ seconds: number | null }>(NEXT_DUE_SQL, [scope]);
      return rows[0]?.seconds ?? null;
    });
  }

  async ended(groupId: string): Promise<void> {
    await this.#with('end a chord', undefined, () => this.#query(ENDED_SQL, [groupId]));
  }

  async unsure(groupId: string): Promise<void> {
    await this.#with('hand back a chord', undefined, () => this.#query(UNSURE_SQL, [groupId]));
  }

  /** Removes chords opened before that moment that have ended; none where the role must not. */
  async removeOlder(before: Date): Promise<void> {
    const remove = () => this.#query(REMOVE_CHORDS_SQL, [before.getTime() / 1000]);
    await this.#with('remove old chords', undefined, async () => {
      await remove().catch((error: unknown) => {
        if (sqlState(error) !== '42501') throw error;
      });
    });
  }

  #with<T>(what: string, otherwise: T, run: (shape: TableShape) => Promise<T>): Promise<T> {
    return this.#patiently(what, async (shape) => ((await this.#isUsable()) ? run(shape) : otherwise));
  }

  async #isUsable(): Promise<boolean> {
    const now = this.#clock.monotonic();
    if (!this.#usable && now - this.#lookedAt >= LOOK_AGAIN_MS) {
      const { rows } = await this.#query<{ usable: boolean }>(CHORDS_USABLE, []);
      this.#usable = rows[0]?.usable === true;
      this.#lookedAt = now;
    }
    return this.#usable;
  }

  #query<R extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<pg.QueryResult<R>> {
    return this.#session.query<R>({ name: statementName('chord', text), text, values });
  }
}

const valuesOf = (chord: WatchedChord): unknown[] => {
  const { groupId, scope, intervalSeconds, patienceSeconds, parts, header, body } = chord;
  return [groupId, scope, intervalSeconds, patienceSeconds, parts, writeJson(header), writeJson(body)];
};

const claimed = ({ group_id, header, added, body, again, late }: Row): ClaimedChord => ({
  groupId: group_id,
  header: [
    ...(readJson(header, DEFAULT_DECODE_BUDGET) as unknown[]),
    ...added.map((id) => [[id, null], null]),
  ],
  body: readJson(body, DEFAULT_DECODE_BUDGET),
  again,
  late,
});
