/** What the records and the queues say against each other. At most a thousand of each. */
export interface Gaps {
  /** Recorded, and there is neither a result nor, as far as can be known, a message. */
  readonly lost: readonly { readonly id: string; readonly type: string; readonly sentAgain: boolean }[];
  /** Silent for too long, in a queue that is not empty or cannot be asked: nobody knows. */
  readonly unknown: number;
  /** A result, and no record: got a row of its own. */
  readonly untracked: readonly { readonly id: string; readonly state: string }[];
  /** Parent or root was never recorded. */
  readonly orphans: readonly {
    readonly id: string;
    readonly type: string;
    readonly parent: string | null;
    readonly root: string;
  }[];
  /** Messages wait, and nobody takes them. */
  readonly unconsumed: readonly { readonly queue: string; readonly waiting: number }[];
}

export const NO_GAPS: Gaps = { lost: [], unknown: 0, untracked: [], orphans: [], unconsumed: [] };
