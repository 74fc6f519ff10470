import type { SignatureData } from './signature-data.js';

/**
 * Options of one call (Celery's `apply_async`), under Celery's names. Unknown ones travel as message properties.
 */
export interface CallOptions {
  readonly task_id?: string;
  readonly root_id?: string;
  readonly parent_id?: string | null;
  readonly group_id?: string | null;
  readonly group_index?: number | null;
  /** Seconds from now. Wins over `eta` when not 0. */
  readonly countdown?: number;
  /** A Date, or an ISO string sent as it is. */
  readonly eta?: Date | string;
  /** Seconds from now, a Date, or an ISO string. */
  readonly expires?: number | Date | string;
  readonly queue?: string;
  readonly exchange?: string;
  readonly routing_key?: string;
  /** 0..255. Null leaves the property out. */
  readonly priority?: number | null;
  readonly serializer?: string;
  readonly compression?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly link?: SignatureData | readonly SignatureData[];
  readonly link_error?: SignatureData | readonly SignatureData[];
  readonly chain?: readonly SignatureData[];
  readonly chord?: SignatureData;
  /** Seconds. */
  readonly time_limit?: number | null;
  readonly soft_time_limit?: number | null;
  readonly retries?: number;
  /** Try again when the broker is away. Default `task_publish_retry` (true). */
  readonly retry?: boolean;
  /** Seconds; Celery's `task_publish_retry_policy`. */
  readonly retry_policy?: {
    readonly max_retries?: number | null;
    readonly interval_start?: number;
    readonly interval_step?: number;
    readonly interval_max?: number;
  };
  readonly ignore_result?: boolean;
  readonly shadow?: string;
  readonly reply_to?: string;
  readonly argsrepr?: string;
  readonly kwargsrepr?: string;
  readonly replaced_task_nesting?: number;
  readonly snoozes?: number;
  readonly stamped_headers?: readonly string[];
  readonly stamps?: Readonly<Record<string, unknown>>;
  readonly origin?: string;
  /** Ends the wait for the broker. */
  readonly signal?: AbortSignal;
  readonly [property: string]: unknown;
}

/** One call, complete: what `app.send` takes. */
export interface TaskCall {
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly options: CallOptions;
}
