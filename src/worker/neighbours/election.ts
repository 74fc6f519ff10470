/** What a worker says when it stands for election: the lowest clock wins, the first name by text where clocks are equal. */
export interface Candidate {
  readonly clock: number;
  /** Node name and process: `w1@host.4711`. */
  readonly name: string;
}

/** Who has won. Undefined when nobody stood. */
export const winnerOf = (candidates: readonly Candidate[]): Candidate | undefined =>
  candidates.toSorted((a, b) => a.clock - b.clock || (a.name < b.name ? -1 : 1))[0];
