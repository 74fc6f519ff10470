import type { SignatureData } from '../../app/index.js';
import { hasCode, type Logger, messageOf } from '../../base/index.js';
import { chordPartsOf } from '../../canvas/index.js';
import type { StoredFailure } from '../../results/index.js';
import type { Run } from '../runs/run.js';

/** A member of a chord's header that has ended; its row is durable. */
export interface EndedChordPart {
  readonly taskId: string;
  readonly groupId: string | null;
  /** The chord's body, with its ids. */
  readonly body: SignatureData;
  readonly state: 'SUCCESS' | 'FAILURE' | 'REVOKED';
  /** Its place in the header. */
  readonly groupIndex: number | null;
  /** The return value, or a StoredFailure. */
  readonly result: unknown;
}

/**
 * Counts the members of chords, where something better than `celery.chord_unlock` does. It may be told of the same
 * member again, after a redelivery. When it rejects, the message goes back and the member is told of again.
 */
export type ChordPart = (part: EndedChordPart, run: Run) => Promise<void>;

interface Deps {
  readonly chordPart: ChordPart | undefined;
  readonly logger: Logger;
}

/** Resolves with false when the part could not be counted. Rejects with ENCODE_FAILED for a result that cannot be. */
export async function countChordPart(
  run: Run,
  state: EndedChordPart['state'],
  result: unknown,
  deps: Deps,
): Promise<boolean> {
  const body = run.followup('chord');
  if (body === null) return true;
  const { id: taskId, groupId, groupIndex } = run.message;
  return count(run, { taskId, groupId, groupIndex, body, state, result }, deps);
}

/** The same for tasks that will never run, such as the later elements of a chain whose task failed. */
export async function countUnsentParts(
  run: Run,
  signatures: readonly SignatureData[],
  result: StoredFailure,
  deps: Deps,
): Promise<boolean> {
  if (deps.chordPart === undefined) return true;
  const parts = signatures.flatMap(chordPartsOf);
  const counted = await Promise.all(
    parts.map((part) => count(run, { ...part, state: 'FAILURE', result }, deps)),
  );
  return !counted.includes(false);
}

async function count(run: Run, part: EndedChordPart, { chordPart, logger }: Deps): Promise<boolean> {
  if (chordPart === undefined) return true;
  try {
    await chordPart(part, run);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENCODE_FAILED')) throw error;
    const { taskId: id, groupId } = part;
    logger.error({ id, groupId, error: messageOf(error) }, 'chord part not counted');
    return false;
  }
}
