import type { Role } from '../views/index.js';

/** Who asks for something. */
export interface Actor {
  readonly user: string;
  readonly role: Role;
  /**
   * Says that two requests are one and the same (a click that was repeated): the second is answered with the report of the
   * first, for a day. Default: every request is another.
   */
  readonly key?: string | undefined;
}
