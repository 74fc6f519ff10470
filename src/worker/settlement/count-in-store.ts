import type { App } from '../../app/index.js';
import { endOrGiveBack } from '../../canvas/index.js';
import type { ResultBackend } from '../../results/index.js';
import type { ChordPart } from './chord-part.js';
import { following } from './following.js';

/** Counting in the result store, where it can: whoever makes a header complete sends the body. */
export function chordPartFor(app: App, backend: ResultBackend | undefined): ChordPart | undefined {
  const counter = backend?.chordCounter;
  if (counter === undefined) return undefined;
  return async ({ groupId, body, ...part }, run) => {
    if (groupId === null) return;
    const chord = await counter.count({ groupId, ...part });
    if (chord === undefined) return;
    await following(app, run, () => endOrGiveBack(app, body, chord, run.message))();
  };
}
