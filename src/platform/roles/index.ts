export {
  type GrantOptions,
  type GrantSyncTasksOptions,
  grantSyncTasksSql,
  grantViewerSql,
} from './grants.js';
