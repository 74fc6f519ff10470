import { describe, it } from 'vitest';
import { silentLogger, systemClock } from '../../src/base/index.js';
import { MemoryResultBackend } from '../../src/results/memory/index.js';
import { PostgresResultBackend } from '../../src/results/postgres/index.js';
import { exerciseResultBackend } from '../../src/testing/conformance/result-backends.js';
import { execute, freshDatabase } from '../support/postgres.js';
import { DJANGO_TABLES, SQLALCHEMY_TABLES } from '../support/result-tables.js';

const context = { logger: silentLogger, clock: systemClock, options: {} };
const runner = { describe, it };

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
