import type { AnyState } from '../base/index.js';

/** A part of a chord's header that has ended. */
export interface ChordPartRecord {
  readonly groupId: string;
  readonly taskId: string;
  /** Its place in the header; null: after all that have one. */
  readonly groupIndex: number | null;
  readonly state: AnyState;
  /** The return value, or a StoredFailure. */
  readonly result: unknown;
}

/** What one part of a header came to. */
export interface CountedPart {
  readonly taskId: string;
  readonly state: AnyState;
  readonly result: unknown;
}

/** A header whose last part has ended: ours alone to go on with, until it is `done` or given back. */
export interface CompleteChord {
  /** Parts in the order of the header. */
  readonly parts: readonly CountedPart[];
  /** The header as result tuples, where groups are among its members. */
  readonly header: readonly unknown[] | undefined;
  /** Somebody else had begun to go on with it, and did not end: the body may have been sent. */
  readonly takenOver: boolean;
  /** False when somebody else has it meanwhile. To be asked just before the body is sent. */
  keep(): Promise<boolean>;
  /** The body was sent, or failed for good: what was counted is removed. */
  done(): Promise<void>;
  /** Nothing came of it: the next who is told of a part goes on. */
  giveBack(): Promise<void>;
}

/** Counts the parts of chords in the store, with Celery's keys, so that either language may begin and end a chord. */
export interface ChordCounter {
  /** Before a header is sent: the number of its parts, and its result tuple where groups are among its members. */
  begin(groupId: string, size: number, header?: readonly unknown[]): Promise<void>;
  /** Adds a part to a chord that is not complete, once, however often it is told. */
  add(groupId: string, taskId: string): Promise<void>;
  /**
   * Counts a part, however often it is told of it. Resolves with the chord for the one who makes it complete; waits
   * while somebody else, who may have died over it, goes on with it.
   */
  count(part: ChordPartRecord): Promise<CompleteChord | undefined>;
}
