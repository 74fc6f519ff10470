import { afterAll, beforeAll, describe, it } from 'vitest';
import { silentLogger, systemClock } from '../../src/base/index.js';
import { type SqsServer, startSqsServer } from '../../src/embedded/sqs/index.js';
import { exerciseTransport } from '../../src/testing/conformance/transports.js';
import { createSqsTransport } from '../../src/transports/sqs/index.js';

let server: SqsServer;
beforeAll(async () => {
  server = await startSqsServer();
});
afterAll(async () => {
  await server.close();
});

for (const base64 of [true, false]) {
  exerciseTransport(`sqs, ${base64 ? 'base64' : 'plain JSON'}`, {
    runner: { describe, it },
    create: (options = {}) =>
      createSqsTransport({
        url: `sqs://key:secret@127.0.0.1:${server.port}`,
        options: {
          queue_name_prefix: 'dev-',
          wait_time_seconds: 1,
          sqs_base64_encoding: base64,
          visibility_timeout: 30,
          ...options,
        },
        logger: silentLogger,
        clock: systemClock,
      }),
  });
}
