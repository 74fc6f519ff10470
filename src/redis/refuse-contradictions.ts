import { ToolboxError } from '../base/index.js';
import { hasHashTag } from './cluster-owner.js';
import type { ConnectionOptions } from './connection-options.js';
import type { RedisPurpose } from './redis-purpose.js';
import type { RedisAddress } from './redis-url.js';

/** Throws CONFIG_INVALID when the options do not fit the kind of address. */
export function refuseContradictions(
  { kind, db }: RedisAddress,
  options: Pick<ConnectionOptions, 'master_name' | 'global_keyprefix'>,
  purpose: RedisPurpose,
): void {
  const refused = (option: string, why: string): ToolboxError =>
    new ToolboxError('CONFIG_INVALID', `${purpose.options}.${option}: ${why}`, { fields: { option } });
  if (kind === 'sentinel' && options.master_name === undefined) {
    throw refused('master_name', 'the name of the group the sentinels watch is needed for sentinel://');
  }
  if (kind === 'cluster' && !hasHashTag(options.global_keyprefix)) {
    throw refused(
      'global_keyprefix',
      'on a cluster all keys must share a slot: put a hash tag in it, such as "{myapp}"',
    );
  }
  if (kind === 'cluster' && db !== 0) throw refused('virtual_host', 'a cluster has database 0 only');
}
