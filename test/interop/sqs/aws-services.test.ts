import { S3 } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { directQueue } from '../../../src/messaging/index.js';
import { deliveriesOf, sqsServer, sqsTransport } from '../../unit/transports/sqs/support/sqs-bench.js';
import { message } from '../../unit/transports/virtual/support/store.js';
import { hasMoto, motoUrl, NO_MOTO } from '../embedded-sqs/moto.js';
import { keyOf, recordingProxy } from './recording-proxy.js';

if (!hasMoto && process.env.CI) throw new Error(NO_MOTO);

const queue = directQueue('q');
const to = { exchange: '', routingKey: 'q' };

describe.skipIf(!hasMoto)(hasMoto ? 'beside SQS' : `beside SQS (${NO_MOTO})`, () => {
  it('keeps large payloads in an S3 bucket, in the format of the Extended Client Libraries', async () => {
    const url = await motoUrl();
    const s3 = new S3({
      endpoint: url,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    });
    onTestFinished(() => s3.destroy());
    await s3.createBucket({ Bucket: 'payloads' });
    const stored = async (): Promise<string[]> =>
      ((await s3.listObjectsV2({ Bucket: 'payloads' })).Contents ?? []).map(({ Key = '' }) => Key);
    const transport = await sqsTransport(
      { port: Number(new URL(url).port) },
      {
        large_payloads: { bucket: 'payloads', prefix: 'tasks/', endpoint_url: url },
        fetch_message_attributes: { MessageAttributeNames: ['All'] },
      },
    );
    const large = message('x'.repeat(1_100_000));
    const { next } = await deliveriesOf(transport, queue);
    await transport.publish(large, to);
    const delivery = await next();
    expect(Buffer.compare(delivery.body, large.body)).toBe(0);
    const [key = ''] = await stored();
    expect(key).toMatch(/^tasks\/[0-9a-f-]{36}$/);
    const kept = await (await s3.getObject({ Bucket: 'payloads', Key: key })).Body!.transformToString();
    expect(JSON.parse(Buffer.from(kept, 'base64').toString())).toHaveProperty('properties');
    expect(delivery.properties.message_attributes).toMatchObject({
      ExtendedPayloadSize: { DataType: 'Number', StringValue: String(kept.length) },
    });
    await delivery.ack();
    expect(await stored()).toEqual([]);

    // The object is gone before the message is read: a defect, with the reason.
    await transport.publish(large, to);
    const broken = await next();
    expect(broken.defect).toBeUndefined();
    for (const one of await stored()) await s3.deleteObject({ Bucket: 'payloads', Key: one });
    await broken.release(0);
    expect((await next()).defect).toMatch(/s3:\/\/payloads\/tasks\/.* is gone/);
  });

  it('says which bucket refuses, and sends nothing', async () => {
    const url = await motoUrl();
    const port = Number(new URL(url).port);
    const transport = await sqsTransport({ port }, { large_payloads: { bucket: 'none', endpoint_url: url } });
    await transport.declare([queue]);
    await expect(transport.publish(message('x'.repeat(1_100_000)), to)).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
      message: expect.stringMatching(/S3 PutObject at bucket none: NoSuchBucket/) as string,
    });
    expect(await transport.size('q')).toBe(0);
  });

  it('assumes a role, and again before its end', async () => {
    const sts = await recordingProxy(await motoUrl());
    const broker = await sqsServer();
    const sqs = await recordingProxy(broker.url);
    const role = {
      endpoint_url: sqs.url,
      sts_endpoint_url: sts.url,
      sts_role_arn: 'arn:aws:iam::123456789012:role/worker',
    };
    const transport = await sqsTransport(broker, role);
    await transport.declare([queue]);
    await transport.publish(message(), to);
    expect(sts.seen.map(keyOf)).toEqual(['key']);
    expect(new Set(sqs.seen.map(keyOf)).size).toBe(1);
    for (const headers of sqs.seen) {
      expect(keyOf(headers)).toMatch(/^ASIA/);
      expect(headers['x-amz-security-token']).toBeTruthy();
    }
    // With a buffer of nearly all of its time, the token is due at once.
    const hasty = await sqsTransport(broker, { ...role, sts_token_buffer_time: 899 });
    await hasty.declare([queue]);
    await hasty.publish(message(), to);
    expect(sts.seen.length).toBeGreaterThanOrEqual(3);
  });

  it('passes all of SQS through moto as well', async () => {
    const transport = await sqsTransport({ port: Number(new URL(await motoUrl()).port) });
    const { next } = await deliveriesOf(transport, queue);
    await transport.publish({ ...message('x'), properties: { MessageGroupId: 'tenant' } }, to);
    const delivery = await next();
    expect(Buffer.from(delivery.body).toString()).toBe('"x"');
    await delivery.ack();
    expect(await transport.size('q')).toBe(0);
  });
});

describe('credentials', () => {
  it('signs the calls of a predefined queue with its own, and the others with those of the URL', async () => {
    const server = await sqsServer();
    const proxy = await recordingProxy(server.url);
    await (await sqsTransport(server)).declare([queue, directQueue('own')]);
    const url = (name: string): string => `${proxy.url}/000000000000/${name}`;
    const transport = await sqsTransport(server, {
      endpoint_url: proxy.url,
      predefined_queues: {
        q: { url: url('q') },
        own: { url: url('own'), access_key_id: 'mine', secret_access_key: 's', region: 'eu-west-1' },
      },
    });
    for (const name of ['q', 'own']) {
      const before = proxy.seen.length;
      await transport.publish(message(), { exchange: '', routingKey: name });
      const mine = proxy.seen.slice(before);
      expect(mine.map(keyOf)).toEqual(name === 'q' ? ['key', 'key'] : ['mine', 'mine']);
      expect(mine.every(({ authorization = '' }) => authorization.includes('eu-west-1'))).toBe(
        name === 'own',
      );
    }
  });

  it('speaks https to a host in the URL when is_secure says so', async () => {
    const server = await sqsServer();
    const transport = await sqsTransport(server, { is_secure: true });
    await expect(transport.connect()).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      message: expect.stringContaining(`https://127.0.0.1:${server.port}`) as string,
    });
  });
});
