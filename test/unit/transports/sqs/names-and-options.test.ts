import { describe, expect, it } from 'vitest';
import { silentLogger, systemClock } from '../../../../src/base/index.js';
import { createSqsTransport } from '../../../../src/transports/sqs/index.js';
import { fromMessageBody, toMessageBody } from '../../../../src/transports/sqs/message-text.js';
import { parseSqsOptions } from '../../../../src/transports/sqs/options/sqs-options.js';
import { parseSqsUrl } from '../../../../src/transports/sqs/options/sqs-url.js';
import { isFifo, sqsQueueName } from '../../../../src/transports/sqs/queues/queue-names.js';
import { loadDriver } from '../../../../src/transports/sqs/sqs-connection.js';

describe('queue names', () => {
  it.each([
    ['dev-', 'celery', 'dev-celery'],
    ['dev-', 'platform.fifo', 'dev-platform.fifo'],
    ['dev-', 'a.b', 'dev-a-b'],
    ['my.app:', 'x', 'my-app_x'],
    ['', 'worker@host.celery.pidbox', 'worker_host-celery-pidbox'],
    ['', 'info.fifo', 'info.fifo'],
    ['', 'a.b.fifo', 'a-b.fifo'],
    ['', '!"#$%&\'()*+,/:;<=>?@[\\]^`{|}~_-', `${'_'.repeat(29)}_-`],
  ])('%s + %s is %s in SQS', (prefix, queue, name) => {
    expect(sqsQueueName(prefix, queue)).toBe(name);
  });

  it('knows FIFO queues by their ending', () => {
    expect([isFifo('a.fifo'), isFifo('fifo'), isFifo('a.fifo.b')]).toEqual([true, false, false]);
  });
});

describe('URLs', () => {
  it.each([
    ['sqs://', {}],
    ['sqs://key:se%2Fcret%2B@', { accessKeyId: 'key', secretAccessKey: 'se/cret+' }],
    [
      'sqs://key:secret@localhost:9324',
      { accessKeyId: 'key', secretAccessKey: 'secret', host: 'localhost:9324' },
    ],
    ['sqs://localhost:9324//', { host: 'localhost:9324' }],
    ['sqs://key:raw/slash@', { accessKeyId: 'key', secretAccessKey: 'raw/slash' }],
  ])('%s', (url, address) => {
    expect(parseSqsUrl(url)).toEqual(address);
  });

  it.each(['amqp://x', 'sqs://key@', 'sqs://key:%zz@', 'sqs:'])('refuses %s', (url) => {
    expect(() => parseSqsUrl(url)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('never shows the secret', async () => {
    expect(() => parseSqsUrl('sqs://key:hush%zz@')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hush') as string }),
    );
    const transport = await createSqsTransport({
      url: 'sqs://key:hush@127.0.0.1:1',
      options: { region: 'us-east-1' },
      logger: silentLogger,
      clock: systemClock,
    });
    expect(transport.url).toBe('sqs://key:********@127.0.0.1:1');
    const error: unknown = await transport.connect().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE' });
    expect((error as Error).message).toMatch(/http:\/\/127\.0\.0\.1:1.*ECONNREFUSED/);
    expect((error as Error).message).not.toContain('hush');
    await transport.close();
  });
});

describe('options', () => {
  it('names every wrong one', () => {
    const options = { visibility_timeout: '20s', wait_time_seconds: 21, supports_fanout: true };
    expect(() => parseSqsOptions(options, silentLogger)).toThrow(
      /wait_time_seconds: expected .* 0 to 20, got 21; visibility_timeout: expected .* 1 to 43200, got "20s"; supports_fanout: /,
    );
  });

  it.each([
    [{ visibilty_timeout: 30 }, 'visibilty_timeout: unknown, did you mean visibility_timeout'],
    [
      { 'client-config': { conect_timeout: 5 } },
      'client-config.conect_timeout: unknown, did you mean connect_timeout',
    ],
    [
      { predefined_queues: { q: { url: 'https://x/q', acces_key_id: 'k' } } },
      'predefined_queues.q.acces_key_id: unknown, did you mean access_key_id',
    ],
    [{ predefined_queues: { q: { url: 'https://x/q', access_key_id: 'k' } } }, 'got only one of them'],
    [
      { predefined_queues: { q: { url: 'https://x/q', backoff_policy: { 1: 50_000 }, backoff_tasks: [] } } },
      'predefined_queues.q.backoff_policy.1: expected a whole number of seconds from 0 to 43200, got 50000',
    ],
    [{ sts_role_arn: 'arn:x', sts_token_buffer_time: 900 }, 'expected less than sts_token_timeout, got 900'],
    [{ large_payloads: { bukket: 'b' } }, 'large_payloads: expected { bucket,'],
    [{ completely_different: 1 }, 'completely_different: unknown'],
  ])('%j is refused', (options, problem) => {
    expect(() => parseSqsOptions(options, silentLogger)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining(problem) as string,
      }),
    );
  });

  it('never shows a secret', () => {
    const predefined_queues = { q: { url: 'nowhere', access_key_id: 'k', secret_access_key: 'hush' } };
    const broken = { predefined_queues, sts_token_timeout: 1 };
    expect(() => parseSqsOptions(broken, silentLogger)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hush') as string }),
    );
  });

  it("takes Python's None, texts for times, and options of Celery that mean nothing here", () => {
    const options = { region: null, visibility_timeout: '45.7', max_retries: 3, interval_start: 0 };
    expect(parseSqsOptions(options, silentLogger)).toMatchObject({ visibility_timeout: 45 });
    expect(parseSqsOptions(options, silentLogger).region).toBeUndefined();
  });

  it('writes attributes of queues as the texts SQS takes', () => {
    const RedrivePolicy = { deadLetterTargetArn: 'arn:x', maxReceiveCount: 3 };
    const options = { 'sqs-creation-attributes': { RedrivePolicy, DelaySeconds: 1, FifoQueue: true } };
    expect(parseSqsOptions(options, silentLogger)['sqs-creation-attributes']).toEqual({
      RedrivePolicy: JSON.stringify(RedrivePolicy),
      DelaySeconds: '1',
      FifoQueue: 'true',
    });
  });

  it('has the defaults of kombu', () => {
    expect(parseSqsOptions({ polling_interval: 1 }, silentLogger)).toMatchObject({
      queue_name_prefix: '',
      wait_time_seconds: 10,
      sqs_base64_encoding: true,
      is_secure: false,
    });
  });

  it('takes predefined queues only where name and URL agree on the kind', async () => {
    const context = { url: 'sqs://k:s@', logger: silentLogger, clock: systemClock };
    const predefined_queues = { 'a.fifo': { url: 'https://sqs.us-east-1.amazonaws.com/1/a' } };
    await expect(createSqsTransport({ ...context, options: { predefined_queues } })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});

describe('the text of a message', () => {
  it.each([['{"a": "é"}'], [`{"a": "\uFFFE\uFFFF"}`]])('%s comes back', (envelope) => {
    for (const base64 of [true, false]) {
      const text = toMessageBody(envelope, base64);
      expect(text).not.toMatch(/[\uFFFE\uFFFF]/);
      expect(JSON.parse(fromMessageBody(text))).toEqual(JSON.parse(envelope));
    }
  });

  it.each([
    ['not padded', 'e30'],
    ['not canonical', 'e3=='],
    ['not UTF-8', Buffer.from([0xff, 0xfe, 0x80]).toString('base64')],
    ['empty', ''],
    ['JSON', '{}'],
  ])('text that is %s stays as it is', (_what, text) => {
    expect(fromMessageBody(text)).toBe(text);
  });

  it('decodes base64 among blanks', () => {
    expect(fromMessageBody(' e30=\n')).toBe('{}');
  });
});

it('names the command that installs a missing driver', async () => {
  const missing = (): Promise<never> => Promise.reject(new Error('Cannot find package'));
  await expect(loadDriver(missing)).rejects.toMatchObject({
    code: 'DRIVER_MISSING',
    message: expect.stringContaining('npm install @aws-sdk/client-sqs') as string,
  });
});
