import { cli, type Ended } from './cli.js';

/** The app most of these tests run. */
export const ECHO = 'test/system/apps/echo.mjs';

/** Runs a command with that app to its end. */
export const echo = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  cli(['-A', ECHO, ...args], { env });
