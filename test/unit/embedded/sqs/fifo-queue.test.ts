import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { type TestQueue, testServer } from './support/test-server.js';

const put = (queue: TestQueue, body: string, group: string) =>
  queue.send(body, { MessageGroupId: group, MessageDeduplicationId: body });

describe('a FIFO queue', () => {
  it('gives several messages of one group in order, and locks the group until all are settled', async () => {
    const { clock, queue } = await testServer();
    const family = await queue('family.fifo', { VisibilityTimeout: '30' });
    for (const body of ['a0', 'a1', 'a2', 'a3']) await put(family, body, 'a');
    await put(family, 'b0', 'b');
    const first = await family.receive({ MaxNumberOfMessages: 2 });
    expect(first.map(({ Body }) => Body)).toEqual(['a0', 'a1']);
    expect(await family.bodies()).toEqual(['b0']);
    await family.delete(first[0]!);
    expect(await family.bodies()).toEqual([]);
    // The second one is not settled: it comes again, first, and the rest of the group behind it.
    await clock.advance(30_000);
    expect(await family.bodies()).toEqual(['a1', 'a2', 'a3', 'b0']);
  });

  it('fills one receive from several groups', async () => {
    const { queue } = await testServer();
    const family = await queue('family.fifo');
    for (const group of ['a', 'b', 'c']) for (const n of [0, 1]) await put(family, `${group}${n}`, group);
    expect(await family.bodies({ MaxNumberOfMessages: 5 })).toEqual(['a0', 'a1', 'b0', 'b1', 'c0']);
    expect(await family.bodies()).toEqual([]);
  });

  it('puts a message that was given back at the head of its group', async () => {
    const { client, queue } = await testServer();
    const family = await queue('family.fifo');
    for (const body of ['a0', 'a1']) await put(family, body, 'a');
    const [held] = await family.receive({ MaxNumberOfMessages: 1 });
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: family.url,
        ReceiptHandle: held?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    expect(await family.bodies()).toEqual(['a0', 'a1']);
  });

  it('takes a deduplication id once in five minutes, and answers a repeat with the first message', async () => {
    const { clock, queue } = await testServer();
    const family = await queue('family.fifo');
    const first = await put(family, 'same', 'a');
    await clock.advance(299_999);
    const repeat = await put(family, 'same', 'b');
    expect(repeat).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
    const [message] = await family.receive();
    await family.delete(message!);
    expect(await family.counts()).toEqual([0, 0, 0]);
    await clock.advance(1);
    const later = await put(family, 'same', 'a');
    expect(later.MessageId).not.toBe(first.MessageId);
    expect(later.SequenceNumber! > first.SequenceNumber!).toBe(true);
  });

  it('deduplicates by content, and by group where the queue says so', async () => {
    const { queue } = await testServer();
    const family = await queue('family.fifo', {
      ContentBasedDeduplication: 'true',
      DeduplicationScope: 'messageGroup',
    });
    for (const group of ['a', 'a', 'b']) await family.send('same', { MessageGroupId: group });
    expect(await family.counts()).toEqual([2, 0, 0]);
  });

  it('delays by the queue only, and keeps the order of a group while its head is delayed', async () => {
    const { clock, queue } = await testServer();
    const family = await queue('family.fifo', { DelaySeconds: '10' });
    await put(family, 'a0', 'a');
    await clock.advance(5000);
    await put(family, 'a1', 'a');
    await clock.advance(5000);
    expect(await family.bodies()).toEqual(['a0']);
    await clock.advance(5000);
    expect(await family.bodies()).toEqual([]);
    await expect(
      family.send('x', { MessageGroupId: 'a', MessageDeduplicationId: 'x', DelaySeconds: 1 }),
    ).rejects.toThrow(/not valid for this queue type/);
  });

  it('refuses to delete by a handle whose lease has ended', async () => {
    const { clock, queue } = await testServer();
    const family = await queue('family.fifo', { VisibilityTimeout: '1' });
    await put(family, 'a0', 'a');
    const [message] = await family.receive();
    await clock.advance(1000);
    await expect(family.delete(message!)).rejects.toThrow(/receipt handle has expired/);
    expect(await family.bodies()).toEqual(['a0']);
  });
});
