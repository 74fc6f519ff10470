import type { StoredFailure } from '../../results/index.js';
import { failureMessage } from './read-value.js';
import type { SummaryRow } from './summary-columns.js';

const LONGEST = 200;

/** Why a task is where it is, in words; null where the phase says it all. */
export function reasonOf(
  { phase, eta, queue, worker, stuck }: Pick<SummaryRow, 'phase' | 'eta' | 'queue' | 'worker' | 'stuck'>,
  failure: StoredFailure | undefined,
): string | null {
  const error = failure === undefined ? undefined : cut(`${failure.exc_type}: ${failureMessage(failure)}`);
  switch (phase) {
    case 'scheduled':
      return `waits for ${new Date(eta ?? 0).toISOString()}`;
    case 'queued':
      return queue === null ? null : `waits in queue ${queue}`;
    case 'unknown':
      return 'nothing was heard of it since it was due';
    case 'lost':
      return 'no queue holds its message, and no worker runs it';
    case 'running':
      return stuck ? `runs longer than expected${worker === null ? '' : ` on ${worker}`}` : null;
    case 'retrying':
      return error === undefined ? 'will be tried again' : `will be tried again after ${error}`;
    case 'failed':
    case 'revoked':
      return error ?? null;
    default:
      return null;
  }
}

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
