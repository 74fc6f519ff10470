import type { SignatureData } from '../app/index.js';
import { withBodyQueues } from './body-queues.js';
import { chordScope } from './chord-scope.js';
import { leafIds, type ResultNode, tupleOf } from './result-node.js';
import type { Sending } from './sending.js';

/**
 * Tells the result store of a chord whose header is about to be sent. False where it does not end chords, or nobody is
 * there to keep them: then `celery.chord_unlock` has to be sent.
 */
export async function beginChord(
  { app, signal }: Sending,
  header: ResultNode,
  body: SignatureData,
  given: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const backend = await app.chordBackend?.(signal);
  const parts = leafIds(header);
  if (backend?.chordCounter !== undefined) {
    await backend.chordCounter.begin(header.id, parts.length, nestedTuple(header));
    return true;
  }
  if (backend?.chords === undefined) return false;
  const interval = Number(given['interval'] ?? app.conf.result_chord_retry_interval);
  const looks = given['max_retries'] ?? mostLooks(app);
  const chord = {
    groupId: header.id,
    header: (header.children ?? []).map(tupleOf),
    body: withBodyQueues(app, body),
    parts,
    scope: chordScope(app),
    intervalSeconds: interval,
    patienceSeconds: typeof looks === 'number' ? looks * interval : null,
  };
  // A database that is away does not keep the header from being sent.
  return backend.chords.begin(chord).catch(() => false);
}

/** No number: no end. */
const mostLooks = ({ tasks, conf }: Sending['app']): unknown =>
  tasks.get('celery.chord_unlock')?.options.maxRetries ?? conf.CHORD_UNLOCK_MAX_RETRIES;

/** The header with its groups, which a list of results would not show; undefined when there are none in it. */
const nestedTuple = (header: ResultNode): readonly unknown[] | undefined =>
  header.children?.some((member) => member.children !== null) === true ? tupleOf(header) : undefined;
