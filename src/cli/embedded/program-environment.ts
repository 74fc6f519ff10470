import type { Environment } from '../../toolbox/index.js';
import type { EmbeddedSystem } from './embedded-system.js';

/** What the command line reads the addresses of the embedded system from: passwords are not seen in arguments. */
const variables = ({ broker, resultBackend, database }: EmbeddedSystem): Record<string, string> => ({
  WORKERTOOLBOX_BROKER: broker,
  WORKERTOOLBOX_RESULT_BACKEND: resultBackend,
  WORKERTOOLBOX_DATABASE: database,
  WORKERTOOLBOX_QUARANTINE: database,
});

/** The environment of a program of ours that works on the embedded system. */
export const programEnvironment = (env: Environment, system: EmbeddedSystem): NodeJS.ProcessEnv => ({
  ...env,
  ...variables(system),
});

/** The same for a shell to read, and for apps of their own with a Config or in Python. */
export const shellExports = (system: EmbeddedSystem): string =>
  Object.entries({
    ...variables(system),
    CELERY_BROKER_URL: system.broker,
    CELERY_RESULT_BACKEND: system.resultBackend,
  })
    .map(([name, value]) => `export ${name}='${value}'\n`)
    .join('');
