import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/base/index.js';
import { loadDriver, parseRedisUrl } from '../../../src/redis/index.js';
import { parseRedisOptions } from '../../../src/transports/redis/redis-options.js';

const home = { host: '127.0.0.1', port: 6379 };

describe('parseRedisUrl', () => {
  it.each([
    ['redis://', { hosts: [home], db: 0, tls: false }],
    ['redis://localhost', { hosts: [home] }],
    ['redis://:6380/3', { hosts: [{ host: '127.0.0.1', port: 6380 }], db: 3 }],
    ['redis://host:80', { hosts: [{ host: 'host', port: 80 }] }],
    ['redis://:p%40ss@host/1', { password: 'p@ss', hosts: [{ host: 'host', port: 6379 }], db: 1 }],
    [
      'rediss://bob:x@[::1]:7000/',
      { tls: true, username: 'bob', password: 'x', hosts: [{ host: '::1', port: 7000 }] },
    ],
    ['redis://h/2?visibility_timeout=30', { db: 2, query: { visibility_timeout: '30' } }],
    [
      'sentinel://:x@a:1;sentinel://b/4',
      {
        kind: 'sentinel',
        password: 'x',
        db: 4,
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 26379 },
        ],
      },
    ],
    ['rediss://localhost', { tls: true, hosts: [{ host: 'localhost', port: 6379 }] }],
    [
      'redis+socket:///run/redis.sock?virtual_host=3',
      { kind: 'server', path: '/run/redis.sock', db: 3, query: {} },
    ],
    [
      'unix://bob:p%40ss@/run/a%20b.sock?db=2',
      { path: '/run/a b.sock', username: 'bob', password: 'p@ss', db: 2 },
    ],
    ['redis://h?virtual_host=4', { db: 4, query: {} }],
    [
      'rediscluster://a:1;rediscluster://b:2',
      {
        kind: 'cluster',
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
      },
    ],
  ])('reads %s', (url, wanted) => {
    expect(parseRedisUrl(url)).toMatchObject(wanted);
  });

  it.each([
    ['redis://:s3cret@host/zero', /number of a database/],
    ['redis://:s3cret@a;redis://b', /one address is expected/],
    ['redis://:s3cret@host:port', /expected redis:\/\/user/],
    ['redis://:s3cret%@host', /%25/],
    ['http://host', /sentinel:\/\//],
    ['', /empty/],
  ])('refuses %s', (url, said) => {
    let message = '';
    try {
      parseRedisUrl(url);
    } catch (error) {
      expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
      message = String(error);
    }
    expect(message).toMatch(said);
    expect(message).not.toContain('s3cret');
  });
});

describe('parseRedisOptions', () => {
  it("has kombu's defaults", () => {
    expect(parseRedisOptions({ visibility_timeout: undefined, sep: null }, silentLogger)).toMatchObject({
      visibility_timeout: 3600,
      sep: '\x06\x16',
      priority_steps: [0, 3, 6, 9],
      unacked_key: 'unacked',
      tls: undefined,
    });
  });

  it('takes options of the URL, and those of the settings first', () => {
    const query = { visibility_timeout: '30', fanout_patterns: 'false' };
    expect(parseRedisOptions({ visibility_timeout: 20 }, silentLogger, query)).toMatchObject({
      visibility_timeout: 20,
      fanout_patterns: false,
    });
  });

  it('names every option that is wrong, and shows no secret', () => {
    const wrong = { visibility_timeout: 0, priority_steps: [], sentinel_kwargs: { password: 7 } };
    expect(() => parseRedisOptions(wrong, silentLogger)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/visibility_timeout.*priority_steps.*sentinel_kwargs/) as unknown,
      }),
    );
  });
});

it('says how to install the driver when it is missing', async () => {
  await expect(loadDriver(() => Promise.reject(new Error('not found')))).rejects.toMatchObject({
    code: 'DRIVER_MISSING',
    message: expect.stringContaining('npm install ioredis') as unknown,
  });
});
