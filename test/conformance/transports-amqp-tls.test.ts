import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { directQueue, type Transport } from '../../src/messaging/index.js';
import { Celery } from '../../src/toolbox/setup/index.js';
import { createAmqpTransport } from '../../src/transports/amqp/index.js';
import { type Authority, type Certificate, createAuthority } from '../support/certificates.js';
import {
  canStartRabbitmq,
  NO_OWN_RABBITMQ,
  type OwnRabbitmq,
  startRabbitmq,
} from '../support/own-rabbitmq.js';
import { amqpContext } from '../support/rabbitmq.js';

const HERE = ['DNS:localhost', 'IP:127.0.0.1'];
const name = 'RabbitMQ by TLS';

describe.skipIf(!canStartRabbitmq())(canStartRabbitmq() ? name : `${name} (${NO_OWN_RABBITMQ})`, () => {
  let authority: Authority;
  let node: OwnRabbitmq;
  let client: Certificate;
  const fronts: Server[] = [];
  const open: Transport[] = [];

  beforeAll(async () => {
    authority = createAuthority();
    const server = authority.issue(HERE);
    client = authority.issue(['DNS:client'], { commonName: 'guest' });
    node = await startRabbitmq({
      plugins: ['rabbitmq_auth_mechanism_ssl'],
      tls: { ca: authority.ca, ...server, verify: true },
      conf: [
        'auth_mechanisms.1 = PLAIN',
        'auth_mechanisms.2 = AMQPLAIN',
        'auth_mechanisms.3 = EXTERNAL',
        'ssl_cert_login_from = common_name',
      ],
    });
  }, 60_000);
  afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));
  afterAll(async () => {
    for (const front of fronts) front.close();
    await node.remove();
    authority.remove();
  });

  async function transport(url: string, options: Record<string, unknown> = {}): Promise<Transport> {
    const made = await createAmqpTransport(amqpContext(url, options));
    open.push(made);
    return made;
  }

  /** The same broker behind another certificate. */
  async function front(files: Certificate, minVersion?: 'TLSv1.1'): Promise<number> {
    const server = createServer(
      {
        cert: readFileSync(files.cert),
        key: readFileSync(files.key),
        ...(minVersion && { minVersion, maxVersion: minVersion, ciphers: 'DEFAULT@SECLEVEL=0' }),
      },
      (inner) => {
        const outer = connect(node.port, '127.0.0.1');
        inner.pipe(outer).pipe(inner);
        for (const socket of [inner, outer]) socket.on('error', () => {});
      },
    ).listen(0, '127.0.0.1');
    server.on('tlsClientError', () => {});
    await once(server, 'listening');
    fronts.push(server);
    return (server.address() as AddressInfo).port;
  }

  /** As Python's `broker_use_ssl` names them. */
  const python = () => ({
    ca_certs: authority.ca,
    certfile: client.cert,
    keyfile: client.key,
    cert_reqs: 'CERT_REQUIRED',
  });

  async function refused(url: string, ssl: Record<string, unknown> | boolean): Promise<string> {
    const error: unknown = await (await transport(url, { ssl })).connect().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE' });
    expect(String(error)).not.toContain('guest:guest');
    return String(error);
  }

  it("connects with its own authority and a client certificate, by Python's names and by Node's", async () => {
    for (const ssl of [
      python(),
      { ca: readFileSync(authority.ca), cert: readFileSync(client.cert), key: readFileSync(client.key) },
    ]) {
      for (const host of ['localhost', '127.0.0.1']) {
        const made = await transport(`amqps://guest:guest@${host}:${node.tlsPort}/`, { ssl });
        await made.declare([directQueue('secure')]);
        expect(await made.size('secure')).toBe(0);
      }
    }
  });

  it('takes broker_use_ssl and broker_login_method from the settings of an app', async () => {
    for (const method of ['PLAIN', 'AMQPLAIN', 'EXTERNAL'] as const) {
      const app = new Celery('secure', {
        settings: {
          // The certificate's name is the user: EXTERNAL needs no password.
          broker_url: `amqp://${method === 'EXTERNAL' ? 'nobody:wrong@' : ''}localhost:${node.tlsPort}//`,
          broker_use_ssl: python(),
          broker_login_method: method,
        },
      });
      await (await app.broker()).declare([directQueue('secure')]);
      await app.close();
    }
  });

  it('refuses a certificate nobody it trusts has signed, one that has expired, and one of another host', async () => {
    const own = await front(authority.selfSigned(HERE));
    expect(await refused(`amqps://guest:guest@localhost:${own}/`, python())).toContain('self-signed');
    const old = await front(authority.issue(HERE, { expired: true }));
    expect(await refused(`amqps://guest:guest@localhost:${old}/`, python())).toContain('expired');
    const other = await front(authority.issue(['DNS:broker.example.org']));
    expect(await refused(`amqps://guest:guest@localhost:${other}/`, python())).toContain(
      "does not match certificate's",
    );
    expect(await refused(`amqps://guest:guest@127.0.0.1:${other}/`, python())).toContain(
      "does not match certificate's",
    );
    // The name that is asked for may be given.
    const named = await transport(`amqps://guest:guest@localhost:${other}/`, {
      ssl: { ...python(), server_hostname: 'broker.example.org' },
    });
    await named.connect();
  });

  it('refuses its own broker where the authority is unknown, or no client certificate is shown', async () => {
    expect(await refused(`amqps://guest:guest@localhost:${node.tlsPort}/`, true)).toMatch(/certificate/);
    await refused(`amqps://guest:guest@localhost:${node.tlsPort}/`, { ca_certs: authority.ca });
  });

  it('refuses TLS 1.1, and a broker that speaks no TLS: it never goes on in the open', async () => {
    const files = authority.issue(HERE);
    await refused(`amqps://guest:guest@localhost:${await front(files, 'TLSv1.1')}/`, python());
    await refused(`amqps://guest:guest@localhost:${node.port}/`, python());
    await refused(`amqp://guest:guest@localhost:${node.port}/`, python());
  });
});
