import { ProblemError } from '../http/problem.js';

/** A part of this installation that is not there. */
export function notReady(what: string): never {
  throw new ProblemError(503, 'NOT_READY', `${what}: not available in this installation`);
}
