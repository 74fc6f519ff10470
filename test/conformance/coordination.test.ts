import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { silentLogger, systemClock } from '../../src/base/index.js';
import { type Coordination, MemoryCoordination } from '../../src/coordination/index.js';
import { createPostgresCoordination, grantCoordinationSql } from '../../src/coordination/postgres/index.js';
import { migrate } from '../../src/platform/index.js';
import { exerciseCoordination } from '../../src/testing/conformance/coordination.js';
import { createRedisTransport } from '../../src/transports/redis/index.js';
import { execute, freshDatabase, uniqueName } from '../support/postgres.js';
import { describeRedis, redisContext } from '../support/redis.js';

const runner = { describe, it };

const memories = new Map<number, Coordination>();
exerciseCoordination('memory', {
  runner,
  create: async (nth) => {
    const known = memories.get(nth) ?? new MemoryCoordination(systemClock);
    memories.set(nth, known);
    return known;
  },
});

const url = await freshDatabase();
const client = new pg.Client({ connectionString: url });
await client.connect();
await migrate(client);
const role = uniqueName('coordinated');
await client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'; ${grantCoordinationSql(role)}`);
await client.end();
const asRole = new URL(url);
asRole.username = role;
asRole.password = 'x';

const open = (address: string): Promise<Coordination> =>
  createPostgresCoordination({ url: address, logger: silentLogger, clock: systemClock });

/** Cases share the tables: each has names of its own. */
const within = (inner: Coordination, prefix: string): Coordination => ({
  place: inner.place,
  acquire: (lock, token, ttlMs) => inner.acquire(prefix + lock, token, ttlMs),
  release: (lock, token) => inner.release(prefix + lock, token),
  turn: (line, intervalMs, mostMs) => inner.turn(prefix + line, intervalMs, mostMs),
  close: () => inner.close(),
});

exerciseCoordination('PostgreSQL, with the rights that grant-worker gives', {
  runner,
  create: async (nth) => within(await open(`db+${asRole.href}`), `${nth}:`),
});

describe('locks in PostgreSQL', () => {
  it('that nobody gave back are removed', async () => {
    await execute(
      url,
      `INSERT INTO workertoolbox.lock SELECT 'old ' || n, 'x', now() - interval '1 hour' FROM generate_series(1, 50) n`,
    );
    const store = await open(asRole.href);
    await store.acquire('new', 'x', 60_000);
    // Answered after the removal: statements of one connection keep their order.
    await store.release('new', 'x');
    const { rows } = await execute(url, `SELECT name FROM workertoolbox.lock WHERE name LIKE 'old %'`);
    expect(rows).toEqual([]);
    await store.close();
  });

  it('tell what to do when there are no tables', async () => {
    const store = await open(await freshDatabase());
    await expect(store.acquire('a', 'x', 1000)).rejects.toMatchObject({
      code: 'STORE_REFUSED',
      message: expect.stringContaining('workertoolbox migrate'),
    });
    await store.close();
  });
});

describeRedis('in Redis', (place) => {
  exerciseCoordination('Redis', {
    runner,
    create: async (nth) => {
      const transport = await createRedisTransport(
        redisContext(place(), { global_keyprefix: `${place().prefix}${nth}:` }),
      );
      const { coordination } = transport;
      if (coordination === undefined) throw new Error('Redis keeps locks');
      return { ...within(coordination, ''), close: () => transport.close() };
    },
  });
});
