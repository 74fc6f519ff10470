export { Beat, type BeatInfo, type BeatOptions } from './beat.js';
export {
  type BeatEntry,
  type BeatSchedule,
  type CatchUp,
  type Entry,
} from './entries/index.js';
export { findEntry } from './find-entry.js';
export { type ListedEntry, listEntries } from './list-entries.js';
export {
  type ClockedSchedule,
  type CrontabFields,
  type CrontabSchedule,
  clocked,
  crontab,
  every,
  type IntervalSchedule,
  type Schedule,
  type SolarEvent,
  type SolarSchedule,
  solar,
} from './schedules/index.js';
export type { Claim, EntryStore, Lead, Leadership, Pending, StoredEntry } from './stores/entry-store.js';
export { memoryEntryStore } from './stores/memory-store.js';
export { openEntryStore } from './stores/open-store.js';
export { grantBeatSql } from './stores/postgres-grants.js';
export { BEAT_TABLES_SQL } from './stores/postgres-tables.js';
