import type { SignatureData } from './signature-data.js';

/** The third element of a protocol 2 body. */
export interface Embed {
  readonly callbacks: readonly SignatureData[] | null;
  readonly errbacks: readonly SignatureData[] | null;
  /** Reversed: the next task is the last element. */
  readonly chain: readonly SignatureData[] | null;
  readonly chord: SignatureData | null;
}

/** A task message, parsed and checked, whichever protocol it came in. Times are left as the strings they came as. */
export interface TaskMessage {
  readonly task: string;
  readonly id: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly embed: Embed;
  readonly rootId: string;
  readonly parentId: string | null;
  readonly groupId: string | null;
  readonly groupIndex: number | null;
  readonly retries: number;
  /** ISO strings as sent; `parseEta` reads them. */
  readonly eta: string | null;
  readonly expires: string | null;
  /** Seconds: hard first, then soft. */
  readonly timelimit: readonly [hard: number | null, soft: number | null];
  /** Null when the message leaves it to the task. */
  readonly ignoreResult: boolean | null;
  readonly origin: string | null;
  readonly shadow: string | null;
  /** Arguments that are not shown: positions, and names of keywords. */
  readonly redaction?: readonly (number | string)[];
  /** The body came encrypted. */
  readonly encrypted?: boolean;
  readonly argsrepr: string;
  readonly kwargsrepr: string;
  readonly replacedTaskNesting: number;
  /** How often it asked to come later (`task.snooze`); a header of ours. */
  readonly snoozes: number;
  readonly stampedHeaders: readonly string[] | null;
  readonly stamps: Readonly<Record<string, unknown>>;
  readonly correlationId: string | null;
  readonly replyTo: string | null;
  readonly priority: number | null;
  /** Headers that are not the protocol's own. */
  readonly customHeaders: Readonly<Record<string, unknown>>;
  /** Properties that are not AMQP's own: `creator_id`, `is_result`, ... */
  readonly customProperties: Readonly<Record<string, unknown>>;
}
