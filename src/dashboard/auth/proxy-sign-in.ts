import { ROLES, type Role } from '../../platform/index.js';
import { mayAct, type Principal } from './principal.js';

/** Sign-in done by a proxy in front of us, which says who it is in headers. Counts from trusted addresses only. */
export interface ProxySignIn {
  /** Header with the name. Default `x-forwarded-user`. */
  readonly userHeader?: string;
  /** Header with the groups, separated by commas. Default `x-forwarded-groups`. */
  readonly groupsHeader?: string;
  /** Role of each group; of several the highest. */
  readonly groups?: Readonly<Record<string, Role>>;
  /** Of a user in none of the groups. Default: no access. */
  readonly defaultRole?: Role;
}

export function proxyPrincipal(
  header: (name: string) => string | undefined,
  { userHeader, groupsHeader, groups = {}, defaultRole }: ProxySignIn,
): Principal | undefined {
  const user = header(userHeader ?? 'x-forwarded-user')?.trim();
  if (!user) return undefined;
  const named = (header(groupsHeader ?? 'x-forwarded-groups') ?? '').split(',').map((group) => group.trim());
  const roles = named.flatMap((group) => (Object.hasOwn(groups, group) ? [groups[group]] : []));
  const role = ROLES.findLast((one) => roles.some((has) => has !== undefined && mayAct(has, one)));
  const found = role ?? defaultRole;
  return found === undefined ? undefined : { user, role: found, via: 'proxy' };
}
