export { type CreateRetentionOptions, createRetention } from './create-retention.js';
export type { Due } from './due-families.js';
export { type ForgetTasksOptions, type Forgotten, forgetTasks } from './forget-tasks.js';
export type { Retention } from './retention.js';
