import type { ScriptedRedis } from './scripts.js';

/** What in a server's configuration loses messages: eviction, and nothing written to disk. Needs the right to INFO only. */
export async function hazardsOf(client: ScriptedRedis): Promise<readonly string[]> {
  const facts = factsOf(await client.info());
  const policy = facts.get('maxmemory_policy') ?? 'noeviction';
  const hazards: string[] = [];
  if (policy !== 'noeviction') {
    hazards.push(
      `Redis evicts keys when its memory is full (maxmemory-policy ${policy}): queues and bindings may vanish. Set noeviction`,
    );
  }
  if (facts.get('aof_enabled') === '0') {
    hazards.push(
      'Redis keeps no append-only file: a crash loses what came since its last snapshot. Set appendonly yes',
    );
  }
  if (Number(facts.get('connected_slaves')) > 0) {
    hazards.push(
      'Redis replicates asynchronously: a failover may lose the last messages accepted. min-replicas-to-write 1 bounds it',
    );
  }
  return hazards;
}

/** Lines `name:value` of INFO. */
const factsOf = (info: string): ReadonlyMap<string, string> =>
  new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const [, name, value] = /^(\w+):(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
