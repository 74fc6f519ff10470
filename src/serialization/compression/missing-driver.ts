import { ToolboxError } from '../../base/index.js';

/** DRIVER_MISSING for a direction of a compression that needs something this program does not have. */
export const missingDriver = (header: string, what: string, cause?: unknown): ToolboxError =>
  new ToolboxError('DRIVER_MISSING', `${header}: ${what}; gzip is what every Python and Node has`, {
    cause,
    fields: { compression: header },
  });

/** Loads an optional package; DRIVER_MISSING names the command that installs it. */
export async function driver<T>(header: string, name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw missingDriver(header, `reading it needs the package ${name}: npm install ${name}`, error);
  }
}
