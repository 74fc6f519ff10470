import type { Redis } from 'ioredis';
import { messageOf, ToolboxError } from '../base/index.js';
import { translateFailure } from './redis-failures.js';
import type { RedisPurpose } from './redis-purpose.js';
import type { HostAndPort } from './redis-url.js';

/** A range of slots as CLUSTER SLOTS has it: first, last, master. */
type Range = readonly [first: number, last: number, master: readonly [host: string | null, port: number]];

/**
 * The node of a cluster that holds the keys of a prefix. A step of ours touches several keys, which must be on one node: the
 * prefix has a hash tag, and with it all keys share a slot. Rejects with the purpose's `unreachable` when no node answers.
 */
export async function ownerOfSlot(
  nodes: readonly HostAndPort[],
  prefix: string,
  connectTo: (node: HostAndPort) => Redis,
  purpose: RedisPurpose,
): Promise<HostAndPort> {
  const problems: string[] = [];
  for (const node of nodes) {
    const client = connectTo(node);
    client.on('error', () => {});
    try {
      await client.connect();
      const slot = await client.cluster('KEYSLOT', prefix);
      const ranges = (await client.cluster('SLOTS')) as unknown as readonly Range[];
      const range = ranges.find(([first, last]) => first <= slot && slot <= last);
      if (range === undefined) throw new Error(`nobody has slot ${slot}`);
      const [host, port] = range[2];
      // A node that does not know its own name: then it is the one that was asked.
      return { host: host || node.host, port };
    } catch (error) {
      const failure = translateFailure(
        error,
        'find the node of the cluster',
        `${node.host}:${node.port}`,
        purpose,
      );
      if (failure.code !== purpose.unreachable) throw failure;
      problems.push(`${node.host}:${node.port}: ${messageOf(error)}`);
    } finally {
      client.disconnect();
    }
  }
  throw new ToolboxError(purpose.unreachable, `no node of the cluster answers: ${problems.join('; ')}`, {
    fields: { problems },
  });
}

/** True when a prefix has a hash tag, by Redis' rule: something between the first `{` and the next `}`. */
export const hasHashTag = (prefix: string): boolean => /^[^{]*\{[^}]+\}/.test(prefix);
