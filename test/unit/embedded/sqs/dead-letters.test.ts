import { ListDeadLetterSourceQueuesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { type TestQueue, testServer } from './support/test-server.js';

const policy = (arn: string | undefined, maxReceiveCount: number) => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount }),
});
const arnOf = async (queue: TestQueue) => (await queue.attributes())['QueueArn'];

describe('dead letters', () => {
  it('moves a message at the receive that would be one too many', async () => {
    const { clock, queue } = await testServer();
    const dead = await queue('dead');
    const tasks = await queue('tasks', { VisibilityTimeout: '1', ...policy(await arnOf(dead), 2) });
    const { MessageId } = await tasks.send('poison');
    for (const _ of [1, 2]) {
      expect(await tasks.bodies()).toEqual(['poison']);
      await clock.advance(1000);
    }
    expect(await dead.counts()).toEqual([0, 0, 0]);
    expect(await tasks.bodies()).toEqual([]);
    expect(await tasks.counts()).toEqual([0, 0, 0]);
    const [letter] = await dead.receive({ MessageSystemAttributeNames: ['All'] });
    expect(letter).toMatchObject({
      MessageId,
      Body: 'poison',
      Attributes: { ApproximateReceiveCount: '3', DeadLetterQueueSourceArn: await arnOf(tasks) },
    });
  });

  it('does not count earlier receives in a dead-letter queue that has one of its own', async () => {
    const { clock, queue } = await testServer();
    const last = await queue('last');
    const dead = await queue('dead', { VisibilityTimeout: '1', ...policy(await arnOf(last), 2) });
    const tasks = await queue('tasks', { VisibilityTimeout: '1', ...policy(await arnOf(dead), 1) });
    await tasks.send('poison');
    await tasks.receive();
    await clock.advance(1000);
    await tasks.receive();
    for (const _ of [1, 2]) {
      expect(await dead.bodies()).toEqual(['poison']);
      await clock.advance(1000);
    }
    expect(await dead.bodies()).toEqual([]);
    expect(await last.bodies()).toEqual(['poison']);
  });

  it('wakes a long poll on the dead-letter queue', async () => {
    const { clock, queue } = await testServer();
    const dead = await queue('dead');
    const tasks = await queue('tasks', { VisibilityTimeout: '0', ...policy(await arnOf(dead), 1) });
    await tasks.send('poison');
    await tasks.receive();
    const waiting = dead.bodies({ WaitTimeSeconds: 20 });
    await clock.untilTimers(1);
    await tasks.receive();
    expect(await waiting).toEqual(['poison']);
  });

  it('names the sources, and stops when the policy is taken away', async () => {
    const { client, queue } = await testServer();
    const dead = await queue('dead');
    const tasks = await queue('tasks', { VisibilityTimeout: '0', ...policy(await arnOf(dead), 1) });
    const sources = () => client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead.url }));
    expect((await sources()).queueUrls).toEqual([tasks.url]);
    await client.send(
      new SetQueueAttributesCommand({ QueueUrl: tasks.url, Attributes: { RedrivePolicy: '' } }),
    );
    expect((await sources()).queueUrls).toEqual([]);
    await tasks.send('again');
    for (const _ of [1, 2, 3]) expect(await tasks.bodies()).toEqual(['again']);
  });

  it('refuses a target of the other kind', async () => {
    const { queue } = await testServer();
    const dead = await queue('dead');
    const redrive = policy(await arnOf(dead), 1);
    await expect(queue('tasks.fifo', redrive)).rejects.toThrow(/same type/);
  });
});
