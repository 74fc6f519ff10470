import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger, systemClock } from '../../src/base/index.js';
import { directQueue, type OutgoingMessage, type Transport } from '../../src/messaging/index.js';
import { Celery } from '../../src/toolbox/index.js';
import { createRedisTransport } from '../../src/transports/redis/index.js';
import { type SeenByKombu, startPeer } from '../interop/redis/peer.js';
import { type Authority, type Certificate, createAuthority } from '../support/certificates.js';
import { celeryPython, NO_PYTHON } from '../support/python.js';
import { NO_REDIS, type OwnRedis, startRedis } from '../support/redis.js';

const skipped = process.env.WORKERTOOLBOX_TEST_REDIS_URL === undefined && process.env.CI === undefined;
const HERE = ['DNS:localhost', 'IP:127.0.0.1'];
const queue = directQueue('q');
const message: OutgoingMessage = {
  body: Buffer.from('"hello"'),
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  headers: { id: 'hello' },
  properties: {},
};

describe.skipIf(skipped)(`Redis over TLS, logins and socket files${skipped ? ` (${NO_REDIS})` : ''}`, () => {
  const open: { close(): Promise<unknown> }[] = [];
  let authority: Authority;
  let client: Certificate;
  let good: OwnRedis;
  beforeAll(async () => {
    authority = createAuthority();
    client = authority.issue(['DNS:client']);
    good = await serve(authority.issue(HERE), 'no');
  });
  afterAll(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
    authority.remove();
  });

  const serve = async ({ cert, key }: Certificate, clients: 'yes' | 'no'): Promise<OwnRedis> => {
    const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', authority.ca];
    const server = await startRedis((port) => [
      '--port',
      '0',
      '--tls-port',
      port,
      ...files,
      '--tls-auth-clients',
      clients,
    ]);
    open.push({ close: () => server.kill() });
    return server;
  };
  const transport = async (url: string, options: Record<string, unknown> = {}): Promise<Transport> => {
    const context = { options: { publish_timeout: 1, ...options }, logger: silentLogger, clock: systemClock };
    const made = await createRedisTransport({ url, ...context });
    open.unshift(made);
    return made;
  };
  /** Publishes and consumes one message. */
  const carries = async (made: Transport): Promise<boolean> => {
    await made.declare([queue]);
    await made.publish(message, { exchange: '', routingKey: 'q' });
    const id = await new Promise((resolve, reject) => {
      made
        .consume({
          queues: [queue],
          prefetch: 1,
          onDelivery: (delivery) => void delivery.ack().then(() => resolve(delivery.headers.id), reject),
        })
        .catch(reject);
    });
    await made.close();
    return id === 'hello';
  };
  const refusal = async (url: string, options: Record<string, unknown> = {}): Promise<unknown> => {
    const error = await (await transport(url, options)).connect().catch((reason: unknown) => reason);
    return error;
  };
  const refused = (what: RegExp): unknown =>
    expect.objectContaining({ code: 'BROKER_REFUSED', message: expect.stringMatching(what) as unknown });

  it.each([
    [
      'in the query of the URL',
      () => ({ url: `rediss://localhost:${good.port}?ssl_cert_reqs=required&ssl_ca_certs=${authority.ca}` }),
    ],
    [
      'as options',
      () => ({
        url: `rediss://127.0.0.1:${good.port}`,
        options: { ssl_ca_certs: authority.ca, ssl_cert_reqs: 'CERT_REQUIRED' },
      }),
    ],
    [
      'as a dictionary of its own, which turns TLS on',
      () => ({
        url: `redis://127.0.0.1:${good.port}`,
        options: { ssl: { ssl_ca_certs: authority.ca, ssl_cert_reqs: 2 } },
      }),
    ],
    [
      'unchecked, where somebody says so',
      () => ({ url: `rediss://127.0.0.1:${good.port}?ssl_cert_reqs=none` }),
    ],
    [
      'for another name, where somebody says so',
      () => ({
        url: `rediss://127.0.0.1:${good.port}?ssl_check_hostname=false&ssl_ca_certs=${authority.ca}`,
      }),
    ],
  ])('carries messages with certificates given %s', async (_how, given) => {
    const { url, options = {} } = given() as { url: string; options?: Record<string, unknown> };
    expect(await carries(await transport(url, options))).toBe(true);
  });

  it('reads broker_use_ssl as Python writes it, and its client certificate', async () => {
    const strict = await serve(authority.issue(HERE), 'yes');
    const url = `rediss://localhost:${strict.port}/0`;
    const ssl = {
      ssl_ca_certs: authority.ca,
      ssl_certfile: client.cert,
      ssl_keyfile: client.key,
      ssl_cert_reqs: 'CERT_REQUIRED',
    };
    const app = new Celery('tls', { settings: { broker_url: url, broker_use_ssl: ssl } });
    await (await app.broker()).declare([queue]);
    await app.close();
    expect(await refusal(url, { ssl: { ssl_ca_certs: authority.ca } })).toMatchObject({
      code: expect.stringMatching(/^BROKER_/) as unknown,
    });
  });

  it('refuses certificates that are expired, of another host, or of no known authority, and servers without TLS', async () => {
    const expired = await serve(authority.issue(HERE, { expired: true }), 'no');
    const other = await serve(authority.issue(['DNS:elsewhere.example']), 'no');
    const self = await serve(authority.selfSigned(HERE), 'no');
    const plain = await startRedis();
    open.push({ close: () => plain.kill() });
    const trusting = { ssl_ca_certs: authority.ca };
    for (const host of ['localhost', '127.0.0.1']) {
      const at = ({ port }: OwnRedis): string => `rediss://${host}:${port}`;
      expect(await refusal(at(expired), trusting)).toEqual(refused(/expired/));
      expect(await refusal(at(other), trusting)).toEqual(refused(/does not match|altnames/));
      expect(await refusal(at(self), trusting)).toEqual(refused(/self-signed/));
      expect(await refusal(at(good))).toEqual(refused(/self-signed|unable to/));
      // Redis takes a greeting of TLS for the beginning of a line, and waits for its end.
      const patience = { ...trusting, socket_connect_timeout: 0.5 };
      expect(await refusal(at(plain), patience)).toMatchObject({ code: 'BROKER_UNREACHABLE' });
      // The other way round.
      expect(await refusal(`redis://${host}:${good.port}`)).toMatchObject({ code: 'BROKER_UNREACHABLE' });
    }
  });

  it.skipIf(celeryPython() === undefined)(`shares its URL with kombu (${NO_PYTHON})`, async () => {
    const url = `rediss://localhost:${good.port}/0?ssl_cert_reqs=required&ssl_ca_certs=${authority.ca}`;
    const peer = startPeer(String(celeryPython()), url, {});
    const mine = await transport(url);
    await mine.declare([queue]);
    await mine.publish(message, { exchange: '', routingKey: 'q' });
    const told = ['q', 'q', 'direct', 'q'];
    expect(await peer.ask<SeenByKombu[]>('hold', 'c', told, 1)).toHaveLength(1);
    await peer.stop();
  });

  it('logs in as a user of the access list, who has rights to keys of a prefix only', async () => {
    const server = await startRedis();
    open.push({ close: () => server.kill() });
    const admin = new Redis(server.url);
    await admin.call(
      'ACL',
      'SETUSER',
      'worker',
      'on',
      '>p@ss',
      '~app:*',
      '&app:*',
      '&__redis__:invalidate',
      '+@all',
      '-@dangerous',
    );
    admin.disconnect();
    const url = server.url.replace('//', '//worker:p%40ss@');
    expect(await carries(await transport(url, { global_keyprefix: 'app:' }))).toBe(true);
    await expect((await transport(url)).declare([queue])).rejects.toEqual(refused(/NOPERM.*grant/));
  });

  it('reaches a Redis through its socket file, in the database of virtual_host', async () => {
    const path = join('/tmp', `redis-${process.pid}.sock`);
    const server = await startRedis(['--unixsocket', path]);
    open.push({ close: () => server.kill() });
    expect(await carries(await transport(`redis+socket://${path}?virtual_host=3`))).toBe(true);
    await (await transport(`unix://${path}?db=4`)).declare([queue]);
    const raw = new Redis(server.url);
    expect(await raw.info('keyspace')).toMatch(/db3:.*db4:/s);
    raw.disconnect();
  });
});
