import { ROLES, type Role } from '../../platform/index.js';

/** Who asks, and how that is known. */
export interface Principal {
  readonly user: string;
  readonly role: Role;
  readonly via: 'session' | 'token' | 'password' | 'proxy' | 'host' | 'local';
  /** Of a session: its id, and when it ends (milliseconds since 1970). */
  readonly session?: { readonly id: string; readonly until: number };
}

/** Roles build on one another: an operator may do all a viewer may, an admin everything. */
export const mayAct = (has: Role, needs: Role): boolean => ROLES.indexOf(has) >= ROLES.indexOf(needs);
