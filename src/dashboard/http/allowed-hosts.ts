import type { Layer } from './environment.js';
import { ProblemError } from './problem.js';

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses names that are not ours, against pages that point a name of theirs at this machine (DNS rebinding). Without a list
 * the names of this machine are the ones allowed where no sign-in protects (`open`), and any name elsewhere.
 */
export function allowedHosts(hosts: readonly string[], open: () => Promise<boolean>): Layer {
  const listed = new Set(hosts.map((host) => host.toLowerCase()));
  return async (c, next) => {
    const { host } = c.var.client;
    const name = host.replace(/:\d+$/, '');
    const known =
      listed.has(host) || listed.has(name) || LOCAL.includes(name) || (listed.size === 0 && !(await open()));
    if (!known)
      throw new ProblemError(
        421,
        'HOST_REFUSED',
        'this name is not one of the dashboard: add it with --allowed-host',
      );
    await next();
  };
}
