import { ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { testServer } from './support/test-server.js';

const entries = Array.from({ length: 10 }, (_, i) => ({ Id: `${i}`, MessageBody: `${i}` }));

describe('the fault dial', () => {
  it('refuses calls without effect', async () => {
    let fault: 'throttle' | 'deny' | undefined = 'throttle';
    const is = (name: string) => () => fault === name;
    const { queue, server } = await testServer({
      faults: {
        throttle: ({ action }) => action === 'SendMessage' && is('throttle')(),
        deny: ({ action, queue: name }) => action === 'SendMessage' && name === 'tasks' && is('deny')(),
      },
    });
    const tasks = await queue('tasks');
    await expect(tasks.send('x')).rejects.toMatchObject({ name: 'RequestThrottled' });
    fault = 'deny';
    await expect(tasks.send('x')).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    fault = undefined;
    await tasks.send('x');
    expect(await tasks.counts()).toEqual([1, 0, 0]);
    expect(server.state).toBe('running');
  });

  it('loses the answer, not the effect', async () => {
    const { clock, client, queue } = await testServer({
      faults: { dropResponse: ({ action }) => action === 'SendMessage' || action === 'ReceiveMessage' },
    });
    const tasks = await queue('tasks');
    await expect(tasks.send('x')).rejects.toThrow();
    expect(await tasks.counts()).toEqual([1, 0, 0]);
    await expect(client.send(new ReceiveMessageCommand({ QueueUrl: tasks.url }))).rejects.toThrow();
    expect(await tasks.counts()).toEqual([0, 1, 0]);
    await clock.advance(30_000);
    expect(await tasks.counts()).toEqual([1, 0, 0]);
  });

  it('fails entries of a batch, the same ones for the same seed', async () => {
    const run = async () => {
      const { client, queue } = await testServer({ faults: { seed: 7, failBatchEntries: 0.5 } });
      const tasks = await queue('tasks');
      const answer = await client.send(
        new SendMessageBatchCommand({ QueueUrl: tasks.url, Entries: entries }),
      );
      const { Failed = [], Successful = [] } = answer;
      expect(Failed.length + Successful.length).toBe(10);
      expect(Failed[0]).toMatchObject({ SenderFault: false, Code: 'InternalError' });
      expect((await tasks.bodies()).sort()).toEqual(Successful.map(({ Id }) => Id));
      return Failed.map(({ Id }) => Id);
    };
    const failed = await run();
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(10);
    expect(await run()).toEqual(failed);
  });

  it('delivers a message of a standard queue twice', async () => {
    const { queue } = await testServer({
      faults: { duplicate: ({ queue: name }, random) => name !== undefined && random() < 2 },
    });
    const tasks = await queue('tasks');
    await tasks.send('x');
    const [first] = await tasks.receive();
    const [second] = await tasks.receive();
    expect(second?.MessageId).toBe(first?.MessageId);
    await tasks.delete(second!);
    expect(await tasks.counts()).toEqual([0, 0, 0]);
    const family = await queue('family.fifo', { ContentBasedDeduplication: 'true' });
    await family.send('x', { MessageGroupId: 'a' });
    expect(await family.bodies()).toEqual(['x']);
    expect(await family.bodies()).toEqual([]);
  });
});
