import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Celery, ToolboxError } from '../../../src/index.js';
import {
  DEFAULT_DECODE_BUDGET as BUDGET,
  CertificateStore,
  type Codec,
  defaultSerializers,
  registerAuth,
  SigningKey,
  TrustedCertificate,
} from '../../../src/serialization/index.js';
import { failureOf } from '../../support/failure.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { makeSigners, type Signers } from '../../support/signers.js';

const python = celeryPython();
if (!python && process.env.CI) throw new Error(NO_PYTHON);
const VALUE = [[1, 'é'], { k: 'v\0\u0001' }, { chain: null }];
const ALL = ['yaml', 'msgpack', 'pickle'];

interface Answer {
  readonly id: string;
  readonly signed: Readonly<Record<string, string>>;
  readonly older: string;
  readonly read: Readonly<Record<string, unknown>>;
}

describe.skipIf(!python)(`signed bodies${python ? '' : ` (${NO_PYTHON})`}`, () => {
  let made: Signers;
  let now = Date.now();
  const clock = { now: () => now, monotonic: () => 0, sleep: async () => {}, after: () => () => {} };
  const pem = (path: string) => readFileSync(path, 'utf8');
  const trusted = (name: string) => new TrustedCertificate(pem(made.cert(name)), name);

  const codecOf = async (
    name: string,
    options: { digest?: string; store?: readonly string[]; inner?: string } = {},
  ): Promise<Codec> => {
    const registry = defaultSerializers();
    registerAuth(registry, {
      key: new SigningKey(pem(made.key(name)), name === 'locked' ? 'secret' : undefined),
      certificate: trusted(name),
      store: new CertificateStore((options.store ?? ['alice', 'large']).map(trusted), clock.now()),
      digest: options.digest,
      serializer: options.inner,
      allowedSerializers: options.inner === undefined ? ALL : [],
      clock,
    });
    return registry.codec('auth');
  };
  const ask = (ours: Readonly<Record<string, string>>, name = 'alice'): Answer => {
    const script = fileURLToPath(new URL('signed_peer.py', import.meta.url));
    const question = {
      key: made.key(name),
      cert: made.cert(name),
      store: `${made.folder}/[al]*e.pem`,
      value: VALUE,
      ours,
    };
    return JSON.parse(
      execFileSync(python ?? '', [script], { input: JSON.stringify(question) }).toString(),
    ) as Answer;
  };

  beforeAll(() => {
    made = makeSigners(python ?? '', [
      'alice',
      'large=4096',
      'mallory',
      'stale=expired',
      'locked=password',
      'curve=ec',
    ]);
  });
  afterAll(() => made.remove());

  it.each(['alice', 'large'])('of %s are read by both, with every digest and format', async (name) => {
    const ours: Record<string, string> = {};
    for (const digest of ['sha256', 'sha512', 'sha3_256']) {
      ours[digest] = Buffer.from((await codecOf(name, { digest })).encode(VALUE)).toString();
    }
    const answer = ask(ours, name);
    expect(answer.id).toBe(trusted(name).id);
    for (const digest of Object.keys(ours)) expect(answer.read[digest], digest).toEqual({ ok: VALUE });
    for (const [kind, text] of Object.entries(answer.signed)) {
      const codec = await codecOf('alice', { digest: kind.split(' ')[0] ?? '' });
      expect(codec.decode(Buffer.from(text), BUDGET), kind).toEqual(VALUE);
    }
    expect((await codecOf('alice')).decode(Buffer.from(answer.older), BUDGET)).toEqual(VALUE);
  });

  it('are refused by both when another digest made them', async () => {
    const sha512 = Buffer.from((await codecOf('alice', { digest: 'sha512' })).encode(VALUE)).toString();
    expect(ask({ sha256: sha512 }).read['sha256']).toEqual({ error: 'SecurityError' });
    const codec = await codecOf('alice');
    expect(failureOf(() => codec.decode(Buffer.from(sha512), BUDGET)).code).toBe('SIGNATURE_INVALID');
  });

  it('are refused when their signer is unknown', async () => {
    const bytes = (await codecOf('mallory', { store: ['mallory'] })).encode(VALUE);
    const codec = await codecOf('alice');
    expect(failureOf(() => codec.decode(bytes, BUDGET))).toMatchObject({
      code: 'SIGNATURE_INVALID',
      message: expect.stringContaining('not in security_cert_store'),
    });
  });

  it('are refused when their certificate has expired meanwhile', async () => {
    const codec = await codecOf('alice');
    const bytes = codec.encode(VALUE);
    now += 31 * 86_400_000;
    const failure = failureOf(() => codec.decode(bytes, BUDGET));
    now = Date.now();
    expect(failure).toMatchObject({
      code: 'SIGNATURE_INVALID',
      message: expect.stringContaining('has expired'),
    });
  });

  it('are refused in a format that is not read when signed', async () => {
    const bytes = (await codecOf('alice', { inner: 'pickle' })).encode(VALUE);
    const codec = await codecOf('alice', { inner: 'json' });
    expect(failureOf(() => codec.decode(bytes, BUDGET)).message).toContain('format');
  });

  it('of a thousand messages, none is taken with any bit of it flipped', async () => {
    const codec = await codecOf('alice');
    const accepted: unknown[] = [];
    const tryFlipped = (bytes: Uint8Array, at: number, bit: number): void => {
      const changed = new Uint8Array(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      try {
        accepted.push(codec.decode(changed, BUDGET), at, bit);
      } catch (error) {
        if (!(error instanceof ToolboxError)) throw error;
      }
    };
    const values = fc.sample(fc.jsonValue(), { numRuns: 1000, seed: 11 });
    const older = Buffer.from(ask({}).older);
    // Every bit of two of them, in both layouts; a few bits of each of the others.
    for (const bytes of [codec.encode(VALUE), older]) {
      for (let at = 0; at < bytes.length * 8; at += 1) tryFlipped(bytes, at >> 3, at & 7);
    }
    for (const [index, value] of values.entries()) {
      const bytes = codec.encode(value);
      for (let n = 0; n < 8; n += 1) tryFlipped(bytes, (index * 7919 + n * 104_729) % bytes.length, n);
      tryFlipped(bytes, bytes.length - 1, index % 8);
    }
    expect(accepted).toEqual([]);
  }, 60_000);

  it('throw our errors and no others, whatever the bytes', async () => {
    const codec = await codecOf('alice');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.base64String().map((text) => new Uint8Array(Buffer.from(text))),
        ),
        (bytes) => {
          try {
            codec.decode(bytes, BUDGET);
          } catch (error) {
            if (!(error instanceof ToolboxError)) throw error;
          }
        },
      ),
      { numRuns: 5000 },
    );
  });

  describe('setupSecurity', () => {
    const appWith = (settings: object) =>
      new Celery('signed', { settings: { broker_url: 'memory://', ...settings } });
    const signed = { task_serializer: 'auth', accept_content: ['auth'] };
    const files = () => ({
      security_key: made.key('alice'),
      security_certificate: made.cert('alice'),
      security_cert_store: `${made.folder}/al*.pem`,
    });

    it('takes files from the settings or from its options, and locked keys with their password', async () => {
      for (const app of [
        appWith({ ...signed, ...files() }).setupSecurity(),
        appWith(signed).setupSecurity({
          key: made.key('locked'),
          keyPassword: 'secret',
          cert: made.cert('locked'),
          store: made.cert('locked'),
          digest: 'sha512',
          serializer: 'yaml',
        }),
      ]) {
        const sent = await app.serializers.encode('auth', VALUE);
        expect(sent).toMatchObject({ contentType: 'application/data', contentEncoding: 'utf-8' });
        expect(await app.serializers.decode(sent, { accept: app.conf.accept_content })).toEqual(VALUE);
      }
    });

    it.each<[string, object, RegExp]>([
      ['settings that send unsigned', { task_serializer: 'json' }, /task_serializer: signed messages need/],
      ['settings that take unsigned', { accept_content: ['auth', 'json'] }, /accept_content: \['auth'\]/],
      ['no key', { security_key: null }, /security_key: expected the path/],
      ['a key that is not there', { security_key: '/nowhere' }, /security_key: ENOENT/],
      ['an unknown digest', { security_digest: 'md7' }, /security_digest: no digest is named md7/],
      [
        'no certificates',
        { security_cert_store: '/tmp/*.nothing' },
        /security_cert_store: there are no certificates/,
      ],
    ])('refuses %s', (_, settings, message) => {
      const failure = failureOf(() => appWith({ ...signed, ...files(), ...settings }).setupSecurity());
      expect(failure).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) });
    });

    it('refuses expired certificates, other keys than RSA, and a wrong password', () => {
      const app = appWith({ ...signed, ...files() });
      expect(failureOf(() => app.setupSecurity({ store: made.folder })).code).toBe('CONFIG_INVALID');
      expect(failureOf(() => app.setupSecurity({ store: made.cert('stale') })).message).toContain(
        'has expired',
      );
      expect(failureOf(() => app.setupSecurity({ store: made.cert('curve') })).message).toContain('RSA');
      expect(failureOf(() => app.setupSecurity({ key: made.key('curve') })).message).toContain('RSA');
      const wrong = failureOf(() => app.setupSecurity({ key: made.key('locked'), keyPassword: 'hunter2' }));
      expect(`${wrong.message}${String(wrong.stack)}`).not.toContain('hunter2');
    });
  });
});
