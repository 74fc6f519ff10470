export { Beat, type BeatInfo, type BeatOptions } from './beat.js';
export {
  type BeatEntry,
  type BeatSchedule,
  type CatchUp,
  configuredEntries,
  type Entry,
  scheduleZone,
} from './entries/index.js';
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
export { type FileStoreOptions, fileEntryStore } from './stores/file-store.js';
export { memoryEntryStore } from './stores/memory-store.js';
