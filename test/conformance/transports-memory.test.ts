import { describe, it } from 'vitest';
import { silentLogger, systemClock } from '../../src/base/index.js';
import { exerciseTransport } from '../../src/testing/conformance/transports.js';
import { memoryTransports } from '../../src/transports/memory/index.js';

for (const [name, lease] of [
  ['memory', undefined],
  ['memory with leases', 30],
] as const) {
  const create = memoryTransports();
  exerciseTransport(name, {
    runner: { describe, it },
    create: (options = {}) =>
      create({
        url: 'memory://',
        options: lease === undefined ? {} : { visibility_timeout: lease, ...options },
        logger: silentLogger,
        clock: systemClock,
      }),
  });
}
