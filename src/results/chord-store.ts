/** A chord as the store keeps it: its header's result tuples in their order, and its body. */
export interface StoredChord {
  readonly groupId: string;
  readonly header: readonly unknown[];
  /** The body's signature, with its ids. */
  readonly body: unknown;
}

/** A chord that is put under watch. */
export interface WatchedChord extends StoredChord {
  /** Ids of the tasks it waits for. */
  readonly parts: readonly string[];
  /** Which keepers may end it: those that send to the same broker. */
  readonly scope: string;
  /** Seconds from one look to the next; later looks are rarer. */
  readonly intervalSeconds: number;
  /** Seconds after which it is given up; null never. */
  readonly patienceSeconds: number | null;
}

/** A chord that is its claimer's to end. */
export interface ClaimedChord extends StoredChord {
  /** Claimed before, by someone who never told how it went: its body may have been sent. */
  readonly again: boolean;
  /** Its time is over, and parts of it have not ended. */
  readonly late: boolean;
}

/**
 * Decides from the rows of the parts when a chord has come to its end, and gives it to one claimer. All of it is empty or
 * false where the store was not set up for it: then `celery.chord_unlock` looks again and again, as in Python.
 */
export interface ChordStore {
  /**
   * As `open`, by who sends the header: only while keepers of the scope are there to end the chord. False when there are
   * none, or the store cannot: then `celery.chord_unlock` must be sent.
   */
  begin(chord: WatchedChord): Promise<boolean>;
  /** Says that a keeper of the scope is there, for so many seconds; 0 when it goes. */
  attend(keeper: string, scope: string, seconds: number): Promise<void>;
  /** Puts a chord under watch, once: repeating it, also after its end, changes nothing. False when the store cannot. */
  open(chord: WatchedChord): Promise<boolean>;
  /** Adds a task whose result the body gets after those of its header. False when the store cannot. */
  add(groupId: string, scope: string, taskId: string): Promise<boolean>;
  /** The chord, when all its parts have ended and nobody has claimed it. */
  claim(groupId: string): Promise<ClaimedChord | undefined>;
  /** Those that are due for a look and have come to their end, were given up by their claimer, or have run out of time. */
  claimDue(scope: string): Promise<readonly ClaimedChord[]>;
  /** Seconds until a chord is due; null when none is under watch. */
  nextDue(scope: string): Promise<number | null>;
  /** Its body was sent, or failed: it is over. */
  ended(groupId: string): Promise<void>;
  /** How it went is unknown: somebody shall look again soon. */
  unsure(groupId: string): Promise<void>;
}
