import type { Environment } from '../../toolbox/index.js';
import type { EmbeddedSystem } from './embedded-system.js';

/** The environment of a program that works on the embedded system: passwords are not seen in its arguments. */
export const programEnvironment = (env: Environment, system: EmbeddedSystem): NodeJS.ProcessEnv => ({
  ...env,
  WORKERTOOLBOX_BROKER: system.broker,
  WORKERTOOLBOX_RESULT_BACKEND: system.resultBackend,
  WORKERTOOLBOX_DATABASE: system.database,
});
