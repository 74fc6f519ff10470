export { DEFAULT_FAMILIES } from './families.js';
export { type SeedOptions, seedTasks } from './seed.js';
