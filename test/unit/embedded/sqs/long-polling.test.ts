import { request } from 'node:http';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { testServer } from './support/test-server.js';

describe('long polling', () => {
  it('is woken by a send, with the whole of a batch', async () => {
    const { clock, client, queue } = await testServer();
    const tasks = await queue('tasks');
    const waiting = tasks.bodies({ WaitTimeSeconds: 20 });
    await clock.untilTimers(1);
    const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id }));
    await client.send(new SendMessageBatchCommand({ QueueUrl: tasks.url, Entries }));
    expect(await waiting).toEqual(['a', 'b', 'c']);
  });

  it('serves polls in the order in which they came', async () => {
    const { clock, queue } = await testServer();
    const tasks = await queue('tasks');
    const first = tasks.bodies({ WaitTimeSeconds: 20 });
    await clock.untilTimers(1);
    const second = tasks.bodies({ WaitTimeSeconds: 20 });
    await clock.untilTimers(2);
    await tasks.send('one');
    expect(await first).toEqual(['one']);
    await tasks.send('two');
    expect(await second).toEqual(['two']);
  });

  it('is woken by the end of a delay, and of a lease', async () => {
    const { clock, queue } = await testServer();
    const tasks = await queue('tasks', { VisibilityTimeout: '7' });
    await tasks.send('x', { DelaySeconds: 5 });
    for (const wait of [5000, 7000]) {
      const waiting = tasks.bodies({ WaitTimeSeconds: 20 });
      await clock.untilTimers(2);
      await clock.advance(wait);
      expect(await waiting).toEqual(['x']);
    }
  });

  it('is woken when a FIFO group becomes free', async () => {
    const { clock, queue } = await testServer();
    const family = await queue('family.fifo', { ContentBasedDeduplication: 'true' });
    for (const body of ['a0', 'a1']) await family.send(body, { MessageGroupId: 'a' });
    const [held] = await family.receive({ MaxNumberOfMessages: 1 });
    const waiting = family.bodies({ WaitTimeSeconds: 20 });
    await clock.untilTimers(2);
    await family.delete(held!);
    expect(await waiting).toEqual(['a1']);
  });

  it('ends with nothing after its time', async () => {
    const { clock, queue } = await testServer();
    const tasks = await queue('tasks', { ReceiveMessageWaitTimeSeconds: '3' });
    const waiting = tasks.bodies();
    await clock.untilTimers(1);
    await clock.advance(3000);
    expect(await waiting).toEqual([]);
  });

  it('swallows no message when its client has gone', async () => {
    const { server, clock, queue } = await testServer();
    const tasks = await queue('tasks');
    const poll = request(server.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
    });
    // A request given up reports an error before it closes.
    const closed = new Promise((resolve) => poll.on('error', resolve));
    poll.end(JSON.stringify({ QueueUrl: tasks.url, WaitTimeSeconds: 20 }));
    await clock.untilTimers(1);
    poll.destroy();
    await closed;
    const next = tasks.bodies({ WaitTimeSeconds: 20 });
    await clock.untilTimers(2);
    await tasks.send('one');
    expect(await next).toEqual(['one']);
  });

  it('ends with nothing when the server stops', async () => {
    const { server, clock, queue } = await testServer();
    const tasks = await queue('tasks');
    const waiting = tasks.bodies({ WaitTimeSeconds: 20 });
    await clock.untilTimers(1);
    await server.close();
    expect(await waiting).toEqual([]);
    expect(server.state).toBe('stopped');
  });
});
