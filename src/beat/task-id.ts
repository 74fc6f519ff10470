import { derivedId } from '../base/index.js';

/**
 * The id of the run of an entry that is due at `tick`: the same for whoever sends it, so that a run sent twice is one task
 * to everything that knows tasks by their ids.
 */
export const taskIdOf = (app: string, entry: string, tick: number): string => derivedId(app, entry, tick);
