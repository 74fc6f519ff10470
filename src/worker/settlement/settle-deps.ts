import type { Signals, TaskCall } from '../../app/index.js';
import type { Clock, Emitter, Logger } from '../../base/index.js';
import type { Delivery, OutgoingMessage } from '../../messaging/index.js';
import type { Run } from '../runs/run.js';
import type { ChordPart } from './chord-part.js';
import type { Followups } from './followups.js';
import type { Publisher } from './publisher.js';
import type { RecordSource } from './records.js';
import type { ResultWriter } from './result-writer.js';

/** What settling a run needs. */
export interface SettleDeps {
  readonly results: ResultWriter;
  readonly followups: Followups;
  readonly publisher: Publisher;
  /** `app.send`, as part of the run it follows. */
  readonly send: (call: TaskCall, run: Run) => Promise<unknown>;
  /** Publishes a message to a queue of the broker, by the queue's name. */
  readonly requeue: (message: OutgoingMessage, queue: string) => Promise<void>;
  /** Deliveries of one message before it is given up. */
  readonly maxDeliveries: number;
  /** Keeps a message that was given up in quarantine. Resolves with false when quarantine took none. */
  readonly keep: (delivery: Delivery, reason: string) => Promise<boolean>;
  readonly chordPart: ChordPart | undefined;
  readonly source: RecordSource;
  readonly signals: Emitter<Signals>;
  readonly logger: Logger;
  readonly clock: Clock;
}
