import { SqsError } from '../errors.js';
import type { Input } from '../input.js';
import type { Call, Result } from './call.js';

const MAX_ENTRIES = 10;
const ID = /^[A-Za-z0-9_-]{1,80}$/;

/**
 * The entries of a batch call, checked by the rules that concern the whole.
 * @throws SqsError EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct
 */
export function batchEntries({ action, input }: Call): Input[] {
  const entries = input.entries('Entries');
  if (entries.length === 0) {
    throw new SqsError(
      'EmptyBatchRequest',
      `There should be at least one ${action}RequestEntry in the request.`,
    );
  }
  if (entries.length > MAX_ENTRIES) {
    throw new SqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`,
    );
  }
  const seen = new Set<string>();
  for (const entry of entries) {
    const id = entry.optionalText('Id') ?? '';
    if (!ID.test(id)) {
      throw new SqsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (seen.has(id)) throw new SqsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    seen.add(id);
  }
  return entries;
}

/** Runs each entry on its own: one that fails is reported and does not disturb the others. */
export function runBatch(call: Call, entries: readonly Input[], run: (entry: Input) => Result): Result {
  const successful: Result[] = [];
  const failed: Result[] = [];
  const point = { action: call.action, queue: call.queue().name };
  for (const entry of entries) {
    const Id = entry.text('Id');
    try {
      if (call.faults.strikes('failBatchEntries', point)) {
        throw new SqsError('InternalFailure', 'Refused on purpose by the fault dial.');
      }
      successful.push({ Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      failed.push({ Id, SenderFault: error.fault === 'Sender', Code: error.code, Message: error.message });
    }
  }
  return {
    ...(successful.length > 0 && { Successful: successful }),
    ...(failed.length > 0 && { Failed: failed }),
  };
}
