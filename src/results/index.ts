export type {
  GroupMeta,
  ResultBackend,
  ResultBackendCapabilities,
  ResultBackendContext,
  ResultBackendFactory,
  ResultBackendRegistry,
  ResultRecord,
  StoredFailure,
  TaskMeta,
  WatchOptions,
} from './result-backend.js';
