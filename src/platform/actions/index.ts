export { Actions, type ActionsOptions, mayDo } from './actions.js';
export type { Actor } from './actor.js';
export { type ObeyPlatformOptions, obeyPlatform } from './obey-platform.js';
export { ACTION_PARAMETERS, type ParametersOf } from './parameters.js';
