import {
  CreateQueueCommand,
  type CreateQueueCommandInput,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import {
  type SqsServer,
  type SqsServerOptions,
  startSqsServer,
} from '../../../../../src/embedded/sqs/index.js';
import { ManualClock } from './manual-clock.js';

/** A server whose time the test turns, and a client of Amazon's SDK that never tries twice. */
export async function testServer(options: SqsServerOptions = {}): Promise<{
  server: SqsServer;
  clock: ManualClock;
  client: SQSClient;
  queue: (name: string, attributes?: CreateQueueCommandInput['Attributes']) => Promise<TestQueue>;
}> {
  const clock = new ManualClock();
  const server = await startSqsServer({ clock, ...options });
  const client = sqsClient(server.url);
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  const queue = async (name: string, attributes: CreateQueueCommandInput['Attributes'] = {}) => {
    const Attributes = name.endsWith('.fifo') ? { FifoQueue: 'true', ...attributes } : attributes;
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    return new TestQueue(client, QueueUrl!);
  };
  return { server, clock, client, queue };
}

export const sqsClient = (endpoint: string): SQSClient =>
  new SQSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });

/** One queue, in few words. */
export class TestQueue {
  readonly client: SQSClient;
  readonly url: string;

  constructor(client: SQSClient, url: string) {
    this.client = client;
    this.url = url;
  }

  send(body: string, more: Partial<SendMessageCommandInput> = {}) {
    return this.client.send(new SendMessageCommand({ QueueUrl: this.url, MessageBody: body, ...more }));
  }

  async receive(more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
    const command = new ReceiveMessageCommand({ QueueUrl: this.url, MaxNumberOfMessages: 10, ...more });
    return (await this.client.send(command)).Messages ?? [];
  }

  async bodies(more: Partial<ReceiveMessageCommandInput> = {}): Promise<(string | undefined)[]> {
    return (await this.receive(more)).map(({ Body }) => Body);
  }

  delete({ ReceiptHandle }: Message) {
    return this.client.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle }));
  }

  async attributes(): Promise<Record<string, string | undefined>> {
    const command = new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: ['All'] });
    return (await this.client.send(command)).Attributes ?? {};
  }

  /** Visible, in flight, delayed. */
  async counts(): Promise<number[]> {
    const all = await this.attributes();
    return ['', 'NotVisible', 'Delayed'].map((kind) => Number(all[`ApproximateNumberOfMessages${kind}`]));
  }
}
