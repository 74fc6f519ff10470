import type { CallOptions } from '../../app/index.js';
import type { TimeDelta } from '../../base/index.js';
import type { Schedule } from '../schedules/index.js';

/**
 * What follows when runs were missed, because nobody was there to send them:
 * - `once`: one is sent, however many were missed (Celery's way);
 * - `skip`: none is, and the schedule goes on from now;
 * - `all`: each is, oldest first, as far back as `starting_deadline` reaches (default an hour).
 */
export const CATCH_UP = ['once', 'skip', 'all'] as const;

export type CatchUp = (typeof CATCH_UP)[number];

/** One entry of `beat_schedule`, in Celery's shape and ours. */
export interface BeatEntry {
  /** Name of the task. One that is not registered here is sent by that name. */
  readonly task: string;
  /** What `crontab`, `every`, `solar` or `clocked` give; a number of seconds; or a crontab as text. */
  readonly schedule: Schedule | TimeDelta | number | string;
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  /** Options of the call: `queue`, `expires`, `priority`, … */
  readonly options?: CallOptions;
  /** An interval runs at round times of its unit. Default false. */
  readonly relative?: boolean;
  /** Default true. */
  readonly enabled?: boolean;
  /** Default `once`. */
  readonly catch_up?: CatchUp;
  /** Seconds: a run later than that is not sent. Default: no end; for crontabs `beat_cron_starting_deadline`. */
  readonly starting_deadline?: number;
}

/** The setting `beat_schedule`: entries by name. */
export type BeatSchedule = Readonly<Record<string, BeatEntry>>;

/** An entry that was checked, with its defaults. Plain data. */
export interface Entry {
  readonly task: string;
  readonly schedule: Schedule;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly options: CallOptions;
  readonly enabled: boolean;
  readonly catch_up: CatchUp;
  readonly starting_deadline: number | null;
}
