/** When things count as overdue. Seconds. */
export interface Thresholds {
  /** A task that was due this long ago and of which nothing was heard is `unknown`. Default a day. */
  readonly unknownAfter?: number;
  /** A task whose parent or root was not recorded is an orphan after this long. Default ten minutes. */
  readonly orphanAfter?: number;
  /** A task that runs this long is stuck, unless its time limit is longer. Default an hour. */
  readonly stuckAfter?: number;
}

/** What every question is asked with. */
export interface QuestionOptions {
  readonly thresholds?: Thresholds;
  /** Default: the time of the database. */
  readonly now?: Date;
}

export interface Question {
  readonly now: Date | undefined;
  readonly unknownAfter: number;
  readonly orphanAfter: number;
  readonly stuckAfter: number;
}

export const questionOf = ({ thresholds = {}, now }: QuestionOptions): Question => ({
  now,
  unknownAfter: thresholds.unknownAfter ?? 86_400,
  orphanAfter: thresholds.orphanAfter ?? 600,
  stuckAfter: thresholds.stuckAfter ?? 3600,
});
