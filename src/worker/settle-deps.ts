import type { Signals, TaskCall } from '../app/index.js';
import type { Clock, Emitter, Logger } from '../base/index.js';
import type { Followups } from './followups.js';
import type { Outcome } from './outcome.js';
import type { Publisher } from './publisher.js';
import type { RecordSource } from './records.js';
import type { ResultWriter } from './result-writer.js';
import type { Run } from './run.js';

/** What settling a run needs. */
export interface SettleDeps {
  readonly results: ResultWriter;
  readonly followups: Followups;
  readonly publisher: Publisher;
  /** `app.send`. */
  readonly send: (call: TaskCall) => Promise<unknown>;
  /** Told when a member of a chord has ended, after its row is durable. Must be idempotent. */
  readonly chordPart: ChordPart;
  readonly source: RecordSource;
  readonly signals: Emitter<Signals>;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Counts a chord member that has ended. */
export type ChordPart = (
  run: Run,
  outcome: Extract<Outcome['kind'], 'success' | 'failure' | 'revoked'>,
) => Promise<void>;
