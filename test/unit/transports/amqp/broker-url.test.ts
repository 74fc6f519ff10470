import { describe, expect, it } from 'vitest';
import { parseBrokerUrl } from '../../../../src/transports/amqp/broker-url.js';

describe('parseBrokerUrl', () => {
  it.each([
    ['amqp://', '127.0.0.1', 5672, 'guest', 'guest', '/'],
    ['pyamqp://', '127.0.0.1', 5672, 'guest', 'guest', '/'],
    ['amqps://broker.example', 'broker.example', 5671, 'guest', 'guest', '/'],
    ['amqp://h', 'h', 5672, 'guest', 'guest', '/'],
    ['amqp://h/', 'h', 5672, 'guest', 'guest', '/'],
    ['amqp://h//', 'h', 5672, 'guest', 'guest', '/'],
    ['amqp://h//deep', 'h', 5672, 'guest', 'guest', '/deep'],
    ['amqp://h/%2Fdeep', 'h', 5672, 'guest', 'guest', '/deep'],
    ['amqp://h/cadasta', 'h', 5672, 'guest', 'guest', 'cadasta'],
    ['amqp://u:p%40ss%2F@h:1234/v', 'h', 1234, 'u', 'p@ss/', 'v'],
    ['amqp://u@h/v', 'h', 5672, 'u', 'guest', 'v'],
    ['amqp://u:p@/v', '127.0.0.1', 5672, 'u', 'p', 'v'],
    ['amqp://:7000/v', '127.0.0.1', 7000, 'guest', 'guest', 'v'],
    ['amqp://localhost', '127.0.0.1', 5672, 'guest', 'guest', '/'],
    ['amqps://localhost', 'localhost', 5671, 'guest', 'guest', '/'],
    ['amqp://[::1]:5673/v', '::1', 5673, 'guest', 'guest', 'v'],
    ['amqp://h:80/v', 'h', 80, 'guest', 'guest', 'v'],
  ])('%s', (url, host, port, user, password, vhost) => {
    expect(parseBrokerUrl(url)).toMatchObject([
      { host, port, user, password, vhost, tls: url.startsWith('amqps') },
    ]);
  });

  it('takes what a bare host of the failover list does not say from the first', () => {
    expect(parseBrokerUrl('amqp://u:p@one:5673/v; two ;three:7;amqps://x:y@four/w')).toMatchObject([
      { host: 'one', port: 5673, user: 'u', vhost: 'v', tls: false },
      { host: 'two', port: 5673, user: 'u', vhost: 'v', tls: false },
      { host: 'three', port: 7, user: 'u', vhost: 'v', tls: false },
      { host: 'four', port: 5671, user: 'x', vhost: 'w', tls: true },
    ]);
  });

  it('shows no password', () => {
    const [{ shown }] = parseBrokerUrl('amqp://u:p%40ss@h/v');
    expect(shown).toBe('amqp://u:********@h:5672/v');
  });

  it.each(['redis://h', 'amqp', '', 'amqp://h:port/', 'amqp://u:p%zz@h/'])('refuses %s', (url) => {
    expect(() => parseBrokerUrl(url)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('refuses without showing the password', () => {
    expect(() => parseBrokerUrl('amqp://u:s3cret@h:port/')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('s3cret') as unknown }),
    );
  });
});
