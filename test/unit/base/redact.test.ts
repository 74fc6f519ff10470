import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSecretKey, maskUrl, redact } from '../../../src/base/index.js';

const CANARY = 'Canary';

describe('isSecretKey', () => {
  it.each([
    'password',
    'RESULT_DB_PASS',
    'PGPASSWORD',
    'dbPassword',
    'redis_passwd',
    'pwd',
    'aws_secret_access_key',
    'AWSAccessKeyId',
    'api_key',
    'apiKey',
    'APIKey',
    'private-key',
    'sessionToken',
    'SENTRY_DSN',
    'Authorization',
    'Set-Cookie',
    'X-Amz-Signature',
    'ssl.keystore.credentials',
  ])('hides %s', (name) => expect(isSecretKey(name)).toBe(true));

  it.each([
    'passive',
    'passed',
    'signature',
    'routing_key',
    'key',
    'keyspace',
    'compress',
    'QUEUES',
    'signal',
  ])('shows %s', (name) => expect(isSecretKey(name)).toBe(false));
});

describe('maskUrl', () => {
  it.each([
    ['amqp://user:Canary@host:5672//', 'amqp://user:********@host:5672//'],
    ['redis://:Canary@host/0', 'redis://:********@host/0'],
    ['db+postgresql://u:Canary@h:5432/cadasta', 'db+postgresql://u:********@h:5432/cadasta'],
    ['amqp://u:Can@ary@h', 'amqp://u:********@h'],
    ['amqp://u:Can:ary@h', 'amqp://u:********@h'],
    ['postgresql://u:Can/ary@h/db', 'postgresql://u:********@h/db'],
    ['postgresql://u:12/Canary@h/db', 'postgresql://u:********@h/db'],
    ['redis://:Can?ary#@h/0', 'redis://:********@h/0'],
    ['amqp://u:Can ary@h', 'amqp://u:********@h'],
    ['amqp://u:Can"ary@h', 'amqp://u:********@h'],
    ['amqp://u:Can,;ary@h', 'amqp://u:********@h'],
    ['amqp://u:%43anary@h', 'amqp://u:********@h'],
    ['postgres://user@server:Canary@h/db', 'postgres://user@server:********@h/db'],
    ['amqp://a:Canary@h1;amqp://b:Canary@h2', 'amqp://a:********@h1;amqp://b:********@h2'],
    [
      'cannot reach amqp://a:Canary@h1, nor redis://:Canary@h2',
      'cannot reach amqp://a:********@h1, nor redis://:********@h2',
    ],
    [
      '{"a":"amqp://a:Canary@h1","b":"amqp://b:Canary@h2"}',
      '{"a":"amqp://a:********@h1","b":"amqp://b:********@h2"}',
    ],
    ['postgres://h/db?user=u&password=Canary&x=1', 'postgres://h/db?user=u&password=********&x=1'],
    ['postgres://h/db?password=Can#ary', 'postgres://h/db?password=********'],
    ['https://h/?X-Amz-Signature=Canary&a=1', 'https://h/?X-Amz-Signature=********&a=1'],
    ['host=h password=Canary user=u', 'host=h password=******** user=u'],
    ["host=h password='Can ary' user=u", 'host=h password=******** user=u'],
    ['host=h password = Canary', 'host=h password = ********'],
  ])('%s', (text, masked) => expect(maskUrl(text)).toBe(masked));

  it.each([
    'amqp://user@host:5672//',
    'redis://127.0.0.1:6379/0',
    'http://127.0.0.1:15672/api/queues/%2F/celery@host.celery.pidbox',
    'nothing to hide: mail a@b.org',
    'https://sqs.us-west-2.amazonaws.com/1/dev-export',
    'queue=export routing_key=export.project',
  ])('leaves %s alone', (text) => expect(maskUrl(text)).toBe(text));

  it('reads a long text once, whatever it holds', { timeout: 5000 }, () => {
    for (const part of ['a', 'a:', '://', 'a://b:', '@', '=', 'a=', '"', "'", ' ']) {
      const text = part.repeat(300_000);
      expect(maskUrl(text).length).toBeGreaterThan(0);
    }
  });

  it('hides every password a person may have chosen, alone or in a sentence', () => {
    // What a driver would take as the password of a lone URL; in a sentence a blank ends the URL.
    const odd = fc.string({ unit: fc.constantFrom(...'a1:/?#[]@!$&\'()*+,;=%"\\<>{}|~-_ '), maxLength: 8 });
    fc.assert(
      fc.property(odd, odd, (before, after) => {
        fc.pre(!/(^|[\s"'`<>()[\]{},;=|])[a-z][a-z0-9+.-]*:\/\//i.test(before + CANARY + after));
        const password = before + CANARY + after;
        expect(maskUrl(`amqp://user:x${password}@host/v`)).not.toContain(CANARY);
        const unbroken = password.replaceAll(' ', '_');
        expect(maskUrl(`lost amqp://user:x${unbroken}@host/v, trying again`)).not.toContain(CANARY);
        expect(maskUrl(`amqp://user:${encodeURIComponent(password)}@host/v`)).not.toContain(CANARY);
      }),
    );
  });
});

describe('redact', () => {
  it('masks secret names at any depth, and passwords in texts', () => {
    const config = {
      RESULT_DB_PASS: CANARY,
      broker_url: ['amqp://u:Canary@h', 'redis://:Canary@h'],
      options: { deep: [{ aws_secret_access_key: CANARY, region: 'us-west-2' }], wait: 20 },
      tokens: [CANARY],
    };
    expect(redact(config)).toEqual({
      RESULT_DB_PASS: '********',
      broker_url: ['amqp://u:********@h', 'redis://:********@h'],
      options: { deep: [{ aws_secret_access_key: '********', region: 'us-west-2' }], wait: 20 },
      tokens: '********',
    });
  });

  it('shows that a secret is not set', () => {
    expect(redact({ password: undefined, token: null, secret: '' })).toEqual({
      password: undefined,
      token: null,
      secret: '',
    });
  });

  it('looks into maps, sets, errors, URLs, bare objects and instances', () => {
    class Client {
      readonly password = CANARY;
    }
    const bare = Object.assign(Object.create(null) as object, { password: CANARY });
    const cause = new Error('amqp://u:Canary@h refused');
    const shown = redact({
      map: new Map([['password', CANARY]]),
      set: new Set(['amqp://u:Canary@h']),
      error: Object.assign(new Error('lost redis://:Canary@h', { cause }), { url: 'amqp://u:Canary@h' }),
      url: new URL('https://u:Canary@h/'),
      bare,
      client: new Client(),
    });
    const text = JSON.stringify(shown, (_, value: unknown) =>
      value instanceof Map || value instanceof Set ? [...value] : value,
    );
    expect(text).not.toContain(CANARY);
    expect(text).toContain('lost redis://:********@h');
  });

  it('keeps what holds nothing to hide: dates, bytes, instances', () => {
    class Point {
      readonly x = 1;
    }
    const value = {
      at: new Date(0),
      bytes: new Uint8Array([1]),
      point: new Point(),
      none: null,
      n: 1,
      yes: true,
    };
    const shown = redact(value) as typeof value;
    expect(shown).toEqual(value);
    expect(shown.point).toBe(value.point);
  });

  it('cuts circles, and shows twice what stands in two places', () => {
    const shared = { a: 1 };
    const circle: Record<string, unknown> = { left: shared, right: shared };
    circle.self = circle;
    expect(redact(circle)).toEqual({ left: { a: 1 }, right: { a: 1 }, self: '[circular]' });
  });
});
