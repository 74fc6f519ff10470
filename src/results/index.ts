export { AsyncResult, type AsyncResultOptions, type GetOptions, resultFromTuple } from './async-result.js';
export { ATTEMPT_TABLE_SQL } from './attempt-table.js';
export type { ResultRevokeOptions, ResultSource, WaitOptions } from './await-metas.js';
export type { ChordCounter, ChordPartRecord, CompleteChord, CountedPart } from './chord-counter.js';
export type { ChordStore, ClaimedChord, StoredChord, WatchedChord } from './chord-store.js';
export { CHORD_KEEPER_TABLE_SQL, CHORD_TABLE_SQL } from './chord-table.js';
export { collect, type ResultHandle } from './collect.js';
export { errorFrom } from './error-from.js';
export { failureFrom, OUR_MODULE } from './failure-from.js';
export { GroupResult } from './group-result.js';
export type {
  AttemptRecord,
  ExtendedMeta,
  GroupMeta,
  ResultBackend,
  ResultBackendCapabilities,
  ResultBackendContext,
  ResultBackendFactory,
  ResultBackendLoader,
  ResultBackendRegistry,
  ResultRecord,
  StoredFailure,
  TaskMeta,
  WatchOptions,
} from './result-backend.js';
export type { ResultTuple } from './result-tuple.js';
export { decodeResult, encodeResult } from './stored-value.js';
export { tracebackFrom } from './traceback-from.js';
