import { describe, it } from 'vitest';
import { silentLogger, systemClock } from '../../src/base/index.js';
import { MemoryResultBackend } from '../../src/results/memory/index.js';
import { PostgresResultBackend } from '../../src/results/postgres/index.js';
import { createRedisResultBackend } from '../../src/results/redis/index.js';
import { exerciseResultBackend } from '../../src/testing/conformance/result-backends.js';
import { execute, freshDatabase } from '../support/postgres.js';
import { describeRedis } from '../support/redis.js';
import { DJANGO_TABLES, SQLALCHEMY_TABLES } from '../support/result-tables.js';

const context = { logger: silentLogger, clock: systemClock, options: {} };
const runner = { describe, it };

const NOT_IN_MSGPACK = [
  { case: 'an integer beyond 2^53 comes back as it was stored', reason: 'msgpack has 64 bits' },
  { case: 'a date comes back as it was stored', reason: 'msgpack as Python packs it has no dates' },
];

const memory = new MemoryResultBackend(context);
exerciseResultBackend('memory', {
  runner,
  create: async () => {
    await memory.connect();
    return memory;
  },
});

for (const [name, tables] of [
  ["postgres with SQLAlchemy's tables", SQLALCHEMY_TABLES],
  ["postgres with Django's table", DJANGO_TABLES],
] as const) {
  const url = await freshDatabase();
  await execute(url, tables);
  exerciseResultBackend(name, {
    runner,
    create: async () => {
      const backend = new PostgresResultBackend({ ...context, url: `db+${url}` });
      await backend.connect();
      return backend;
    },
  });
}

for (const settings of [
  {},
  { result_serializer: 'pickle' },
  { result_serializer: 'msgpack', result_compression: 'gzip' },
]) {
  const skip = settings.result_serializer === 'msgpack' ? NOT_IN_MSGPACK : [];
  const named = Object.values(settings).join(', ');
  describeRedis(`results${named && ` in ${named}`}`, (place) => {
    exerciseResultBackend('redis', {
      runner,
      skip,
      create: async () => {
        const { url, prefix } = place();
        const options = { ...settings, result_backend_transport_options: { global_keyprefix: prefix } };
        const backend = await createRedisResultBackend({ ...context, url, options });
        await backend.connect();
        return backend;
      },
    });
  });
}
