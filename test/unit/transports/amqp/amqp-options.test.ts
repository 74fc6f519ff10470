import { expect, it } from 'vitest';
import { readAmqpOptions } from '../../../../src/transports/amqp/amqp-options.js';

it('has defaults', () => {
  expect(readAmqpOptions({})).toMatchObject({
    heartbeatSeconds: 8,
    connectTimeoutMs: 4_000,
    confirmTimeoutMs: 10_000,
    maxUnconfirmed: 1_000,
    tls: false,
  });
});

it('reads the query of the URL, which loses against the options, and passes names of other transports', () => {
  const options = { heartbeat: 30, visibility_timeout: 20 };
  const read = readAmqpOptions(options, { heartbeat: '60', connect_timeout: '1.5' });
  expect(read).toMatchObject({ heartbeatSeconds: 30, connectTimeoutMs: 1_500 });
});

it('names the option it cannot read', () => {
  expect(() => readAmqpOptions({ confirm_timeout: -1 })).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('broker_transport_options.confirm_timeout') as unknown,
    }),
  );
});

it('takes TLS options', () => {
  expect(readAmqpOptions({ ssl: { servername: 'broker' } })).toMatchObject({
    tls: true,
    tlsOptions: { servername: 'broker' },
  });
});
