import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ToolboxError } from '../../base/index.js';

const run = promisify(execFile);

/** The user PostgreSQL's programs run as; empty: as ourselves. */
export interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root, so root drops to `postgres` or, where there is no such user, to `nobody`. */
export async function runAs(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, user])));
      return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
    } catch {
      // No such user: try the next.
    }
  }
  throw new ToolboxError(
    'EMBEDDED_FAILED',
    'PostgreSQL does not run as root, and there is neither a user postgres nor nobody to run it as: start as another user',
  );
}
