import type { SignatureData } from '../../app/index.js';
import { type Logger, messageOf } from '../../base/index.js';
import type { Run } from '../runs/run.js';

/** A member of a chord's header that has ended; its row is durable. */
export interface EndedChordPart {
  readonly taskId: string;
  readonly groupId: string | null;
  /** The chord's body, with its ids. */
  readonly body: SignatureData;
  readonly state: 'SUCCESS' | 'FAILURE' | 'REVOKED';
}

/**
 * Counts the members of chords, where something better than `celery.chord_unlock` does. It may be told of the same
 * member again, after a redelivery. When it rejects, the message goes back and the member is told of again.
 */
export type ChordPart = (part: EndedChordPart) => Promise<void>;

/** Resolves with false when the part could not be counted. */
export async function countChordPart(
  run: Run,
  state: EndedChordPart['state'],
  { chordPart, logger }: { readonly chordPart: ChordPart | undefined; readonly logger: Logger },
): Promise<boolean> {
  const body = run.followup('chord');
  if (body === null || chordPart === undefined) return true;
  const { id: taskId, groupId } = run.message;
  try {
    await chordPart({ taskId, groupId, body, state });
    return true;
  } catch (error) {
    logger.error({ id: taskId, groupId, error: messageOf(error) }, 'chord part not counted');
    return false;
  }
}
