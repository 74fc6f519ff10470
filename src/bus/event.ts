/** An event as it travels (protocol section 9.1). What each type holds besides stands in docs/reference/events.md. */
export interface CeleryEvent {
  readonly type: string;
  /** The node, or for `task-sent` the producer. */
  readonly hostname: string;
  /** Hours the sender's local time is behind UTC, as Python's `time.timezone` has it: 5 for UTC-5. */
  readonly utcoffset: number;
  readonly pid: number;
  readonly clock: number | null;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly [field: string]: unknown;
}

/** `task-sent` travels under `task.sent`. */
export const eventKey = (type: string): string => type.replaceAll('-', '.');

/** What goes together: `task`, `worker`, or whatever a type of your own begins with. */
export const eventGroup = (type: string): string => type.split('-', 1)[0] ?? type;

/** This program's own offset, in hours. */
export const utcOffset = (nowMs: number): number => new Date(nowMs).getTimezoneOffset() / 60;
