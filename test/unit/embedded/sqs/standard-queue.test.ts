import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  PurgeQueueCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { testServer } from './support/test-server.js';

const SECOND = 1000;
const DAY = 86_400 * SECOND;

describe('a standard queue', () => {
  it('hides a received message until its visibility timeout, and counts receives', async () => {
    const { clock, queue } = await testServer();
    const tasks = await queue('tasks', { VisibilityTimeout: '20' });
    await tasks.send('one');
    expect(await tasks.bodies()).toEqual(['one']);
    await clock.advance(20 * SECOND - 1);
    expect(await tasks.bodies()).toEqual([]);
    expect(await tasks.counts()).toEqual([0, 1, 0]);
    await clock.advance(1);
    expect(await tasks.counts()).toEqual([1, 0, 0]);
    const [again] = await tasks.receive({ MessageSystemAttributeNames: ['All'] });
    expect(again?.Attributes).toMatchObject({ ApproximateReceiveCount: '2' });
    expect(Number(again?.Attributes?.['ApproximateFirstReceiveTimestamp'])).toBe(clock.now() - 20 * SECOND);
  });

  it('delays a message by its own delay, else by that of the queue', async () => {
    const { clock, queue } = await testServer();
    const tasks = await queue('tasks', { DelaySeconds: '5' });
    await tasks.send('later', { DelaySeconds: 900 });
    await tasks.send('soon');
    await tasks.send('now', { DelaySeconds: 0 });
    expect(await tasks.bodies()).toEqual(['now']);
    expect(await tasks.counts()).toEqual([0, 1, 2]);
    await clock.advance(5 * SECOND);
    expect(await tasks.bodies()).toEqual(['soon']);
    await clock.advance(894 * SECOND);
    expect(await tasks.bodies()).not.toContain('later');
    await clock.advance(1 * SECOND);
    expect(await tasks.bodies()).toContain('later');
  });

  it('moves the end of a lease, up to twelve hours after the receive', async () => {
    const { clock, client, queue } = await testServer();
    const tasks = await queue('tasks', { VisibilityTimeout: '10' });
    await tasks.send('one');
    const [{ ReceiptHandle } = {}] = await tasks.receive();
    const extend = (seconds: number) =>
      client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: tasks.url,
          ReceiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    await clock.advance(9 * SECOND);
    await extend(43_191);
    await expect(extend(43_192)).rejects.toThrow(/Total VisibilityTimeout/);
    await clock.advance(43_191 * SECOND - 1);
    expect(await tasks.bodies()).toEqual([]);
    await clock.advance(1);
    await expect(extend(10)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    expect(await tasks.bodies()).toEqual(['one']);
  });

  it('does not let an old handle touch a message that another has received', async () => {
    const { clock, client, queue } = await testServer();
    const tasks = await queue('tasks', { VisibilityTimeout: '1' });
    await tasks.send('one');
    const [first] = await tasks.receive();
    await clock.advance(SECOND);
    const [second] = await tasks.receive();
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
    await tasks.delete(first!);
    expect(await tasks.counts()).toEqual([0, 1, 0]);
    const extend = client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: tasks.url,
        ReceiptHandle: first!.ReceiptHandle,
        VisibilityTimeout: 100,
      }),
    );
    await expect(extend).rejects.toThrow(/not available for visibility timeout change/);
    await tasks.delete(second!);
    expect(await tasks.counts()).toEqual([0, 0, 0]);
  });

  it('deletes by a handle whose lease has ended while nobody else has received the message', async () => {
    const { clock, queue } = await testServer();
    const tasks = await queue('tasks', { VisibilityTimeout: '1' });
    await tasks.send('one');
    const [message] = await tasks.receive();
    await clock.advance(5 * SECOND);
    await tasks.delete(message!);
    expect(await tasks.bodies()).toEqual([]);
  });

  it('forgets messages after the retention period, held ones too', async () => {
    const { clock, queue } = await testServer();
    const tasks = await queue('tasks', { MessageRetentionPeriod: '86400', VisibilityTimeout: '43200' });
    await tasks.send('old');
    await tasks.send('held');
    await clock.advance(DAY - 2 * SECOND);
    expect(await tasks.bodies({ MaxNumberOfMessages: 1 })).toEqual(['old']);
    await tasks.send('new');
    await clock.advance(2 * SECOND);
    expect(await tasks.counts()).toEqual([1, 0, 0]);
    expect(await tasks.bodies()).toEqual(['new']);
  });

  it('handles batches of ten with a result for each entry', async () => {
    const { client, queue } = await testServer();
    const tasks = await queue('tasks');
    const ids = Array.from({ length: 10 }, (_, i) => `m${i}`);
    const QueueUrl = tasks.url;
    const sent = await client.send(
      new SendMessageBatchCommand({ QueueUrl, Entries: ids.map((Id) => ({ Id, MessageBody: Id })) }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(ids);
    expect(sent.Failed).toBeUndefined();
    const messages = await tasks.receive();
    expect(messages.map(({ Body }) => Body)).toEqual(ids);
    const handles = messages.map(({ ReceiptHandle }, i) => ({ Id: ids[i], ReceiptHandle }));
    const changed = await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: handles.slice(0, 5).map((entry) => ({ ...entry, VisibilityTimeout: 0 })),
      }),
    );
    expect(changed.Successful).toHaveLength(5);
    const deleted = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [...handles.slice(5), { Id: 'junk', ReceiptHandle: 'junk' }],
      }),
    );
    expect(deleted.Successful?.map(({ Id }) => Id)).toEqual(ids.slice(5));
    expect(deleted.Failed).toMatchObject([{ Id: 'junk', SenderFault: true, Code: 'ReceiptHandleIsInvalid' }]);
    expect(await tasks.counts()).toEqual([5, 0, 0]);
  });

  it('purges everything, and goes with everything', async () => {
    const { client, queue } = await testServer();
    const tasks = await queue('tasks');
    await tasks.send('visible');
    await tasks.send('held', {});
    await tasks.receive({ MaxNumberOfMessages: 1 });
    await tasks.send('delayed', { DelaySeconds: 60 });
    await client.send(new PurgeQueueCommand({ QueueUrl: tasks.url }));
    expect(await tasks.counts()).toEqual([0, 0, 0]);
    await client.send(new DeleteQueueCommand({ QueueUrl: tasks.url }));
    await expect(tasks.send('x')).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      $metadata: { httpStatusCode: 400 },
    });
    const again = await queue('tasks');
    expect(await again.counts()).toEqual([0, 0, 0]);
  });
});
