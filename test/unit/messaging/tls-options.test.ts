import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readTlsOptions } from '../../../src/messaging/tls-options.js';

const file = fileURLToPath(import.meta.url);

it("reads Python's names and passes Node's", () => {
  const read = readTlsOptions({
    ssl_ca_certs: file,
    certfile: file,
    cert_reqs: 0,
    server_hostname: 'b',
    minVersion: 'TLSv1.3',
  });
  expect(read).toMatchObject({ rejectUnauthorized: false, servername: 'b', minVersion: 'TLSv1.3' });
  expect(String(read.ca)).toContain('passes Node');
  expect(String(read.cert)).toContain('passes Node');
  expect(read).not.toHaveProperty('ssl_ca_certs');
});

it('checks certificates unless told not to', () => {
  expect(readTlsOptions({ cert_reqs: 2 }).rejectUnauthorized).toBe(true);
  expect(readTlsOptions({})).toEqual({});
});

it('names the file it cannot read', () => {
  expect(() => readTlsOptions({ keyfile: '/no/such/key' })).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      fields: { key: 'broker_transport_options.ssl.keyfile' },
    }),
  );
});
