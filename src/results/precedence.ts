import { type AnyState, isReady } from '../base/index.js';
import type { ResultRecord, StoredFailure } from './result-backend.js';

/**
 * How much a record says:
 * - `outcome`: a run of the task ended so (SUCCESS, FAILURE);
 * - `verdict`: somebody else ended the task (REVOKED, or FAILURE because the worker was lost);
 * - `progress`: it goes on (STARTED, RETRY, custom states).
 */
export type Weight = 'outcome' | 'verdict' | 'progress';

export function weightOf(record: Pick<ResultRecord, 'status' | 'result'>): Weight {
  if (!isReady(record.status)) return 'progress';
  if (record.status === 'REVOKED') return 'verdict';
  const lost =
    record.status === 'FAILURE' &&
    (record.result as Partial<StoredFailure> | null)?.exc_type === 'WorkerLostError';
  return lost ? 'verdict' : 'outcome';
}

/**
 * May a record of this weight replace what is stored? SUCCESS is final, as in Celery 5.7 (so that a second run, or a
 * late revoke, does not take back what callers have seen); FAILURE and REVOKED give way only to the outcome of a run;
 * everything else gives way to whatever comes.
 */
export function mayReplace(stored: AnyState | null | undefined, weight: Weight): boolean {
  if (stored === null || stored === undefined || !isReady(stored)) return true;
  return stored !== 'SUCCESS' && weight === 'outcome';
}
