import type { SignatureData } from '../../app/index.js';
import { type Logger, messageOf } from '../../base/index.js';
import { chordPartsOf } from '../../canvas/index.js';
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

type Deps = { readonly chordPart: ChordPart | undefined; readonly logger: Logger };

/** Resolves with false when the part could not be counted. */
export async function countChordPart(run: Run, state: EndedChordPart['state'], deps: Deps): Promise<boolean> {
  const body = run.followup('chord');
  if (body === null) return true;
  const { id: taskId, groupId } = run.message;
  return count({ taskId, groupId, body, state }, deps);
}

/** The same for tasks that will never run, such as the later elements of a chain whose task failed. */
export async function countUnsentParts(signatures: readonly SignatureData[], deps: Deps): Promise<boolean> {
  if (deps.chordPart === undefined) return true;
  const parts = signatures.flatMap(chordPartsOf);
  const counted = await Promise.all(parts.map((part) => count({ ...part, state: 'FAILURE' }, deps)));
  return !counted.includes(false);
}

async function count(part: EndedChordPart, { chordPart, logger }: Deps): Promise<boolean> {
  const { taskId: id, groupId } = part;
  try {
    await chordPart?.(part);
    return true;
  } catch (error) {
    logger.error({ id, groupId, error: messageOf(error) }, 'chord part not counted');
    return false;
  }
}
