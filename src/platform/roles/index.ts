export {
  type GrantSyncTasksOptions,
  grantSyncTasksSql,
  grantViewerSql,
} from './grants.js';
