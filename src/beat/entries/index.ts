export { configuredEntries, scheduleZone } from './configured-entries.js';
export type { BeatEntry, BeatSchedule, CatchUp, Entry } from './entry.js';
export { readEntry } from './read-entry.js';
