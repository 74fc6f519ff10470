import { type IncomingMessage, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { testServer } from './support/test-server.js';

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

function call(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'POST', headers = {}, body = '' } = options;
    const sent = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const form = (fields: Record<string, string>) => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  body: new URLSearchParams(fields).toString(),
});
const json = (action: string, fields: unknown) => ({
  headers: { 'x-amz-target': `AmazonSQS.${action}`, 'content-type': 'application/x-amz-json-1.0' },
  body: typeof fields === 'string' ? fields : JSON.stringify(fields),
});

describe('the Query protocol', () => {
  it('takes the queue from the path, and answers escaped XML in the namespace', async () => {
    const { server, queue } = await testServer();
    await queue('tasks');
    const body = '<b>&"\r\n';
    const sent = await call(
      `${server.url}/000000000000/tasks`,
      form({ Action: 'SendMessage', MessageBody: body }),
    );
    expect(sent.headers['content-type']).toBe('text/xml');
    expect(sent.text).toMatch(
      /^<\?xml version="1.0"\?><SendMessageResponse xmlns="http:\/\/queue.amazonaws.com\/doc\/2012-11-05\/"><SendMessageResult><MessageId>/,
    );
    const got = await call(
      `${server.url}/queue/tasks`,
      form({ Action: 'ReceiveMessage', 'MessageSystemAttributeName.1': 'ApproximateReceiveCount' }),
    );
    expect(got.text).toContain('<Body>&lt;b&gt;&amp;&quot;&#xD;\n</Body>');
    expect(got.text).toContain('<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>');
  });

  it('takes parameters from the query string of a GET with a signature', async () => {
    const { server, queue } = await testServer();
    const tasks = await queue('tasks');
    await tasks.send('one');
    const [message] = await tasks.receive();
    const query = new URLSearchParams({
      Action: 'ChangeMessageVisibility',
      ReceiptHandle: message?.ReceiptHandle ?? '',
      VisibilityTimeout: '0',
      'X-Amz-Signature': 'whatever',
    });
    const answer = await call(`${server.url}/000000000000/tasks?${query}`, { method: 'GET' });
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(
      /^<\?xml version="1.0"\?><ChangeMessageVisibilityResponse [^>]*><ResponseMetadata>/,
    );
    expect(await tasks.counts()).toEqual([1, 0, 0]);
  });

  it('has an empty result element for an empty result', async () => {
    const { server, queue } = await testServer();
    await queue('tasks');
    const answer = await call(`${server.url}/000000000000/tasks`, form({ Action: 'ReceiveMessage' }));
    expect(answer.text).toContain('<ReceiveMessageResult></ReceiveMessageResult>');
  });

  it('names errors with the older names', async () => {
    const { server } = await testServer();
    const answer = await call(`${server.url}/000000000000/missing`, form({ Action: 'ReceiveMessage' }));
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(
      '<Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>The specified queue does not exist.</Message>',
    );
  });

  it('survives parameters that make no sense', async () => {
    const { server } = await testServer();
    for (const fields of [
      {},
      { Action: 'Nonsense' },
      { Action: 'SendMessageBatch', SendMessageBatchRequestEntry: 'text' },
      { Action: 'CreateQueue', QueueName: 'a', 'Attribute.1.Name': 'x', 'Attribute.1.Name.y': 'z' },
      { Action: 'CreateQueue', '__proto__.x': '1', 'constructor.prototype.x': '1' },
      { 'Action.1': 'ListQueues' },
    ]) {
      const answer = await call(`${server.url}/000000000000/tasks`, form(fields));
      expect(answer.status).toBe(400);
    }
    expect(({} as { x?: string }).x).toBeUndefined();
  });
});

describe('the JSON protocol', () => {
  it('repeats the older name of an error in a header', async () => {
    const { server } = await testServer();
    const missing = await call(server.url, json('GetQueueUrl', { QueueName: 'missing' }));
    expect(missing.status).toBe(400);
    expect(missing.headers['x-amzn-query-error']).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
    expect(JSON.parse(missing.text)).toEqual({
      __type: 'com.amazonaws.sqs#QueueDoesNotExist',
      message: 'The specified queue does not exist.',
    });
  });

  it('survives bodies that make no sense', async () => {
    const { server } = await testServer();
    const answers = await Promise.all([
      call(server.url, json('SendMessage', '{')),
      call(server.url, json('SendMessage', '[]')),
      call(server.url, json('Nonsense', {})),
      call(server.url, json('SendMessage', {})),
      call(server.url, json('CreateQueue', { QueueName: { a: 1 } })),
      call(server.url, json('CreateQueue', { QueueName: 'a', Attributes: [] })),
      call(server.url, json('CreateQueue', { QueueName: 'a', Attributes: { DelaySeconds: '1e2' } })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400, 400]);
  });

  it('takes numbers as text too', async () => {
    const { server, queue } = await testServer();
    const tasks = await queue('tasks');
    const fields = { QueueUrl: tasks.url, MessageBody: 'x', DelaySeconds: '5' };
    expect((await call(server.url, json('SendMessage', fields))).status).toBe(200);
    expect(await tasks.counts()).toEqual([0, 0, 1]);
  });

  it('refuses a body that is too long, and goes on', async () => {
    const { server, queue } = await testServer();
    const tasks = await queue('tasks');
    const body = JSON.stringify({ QueueUrl: tasks.url, MessageBody: 'x'.repeat(9 << 20) });
    expect((await call(server.url, json('SendMessage', body))).status).toBe(413);
    expect(await tasks.counts()).toEqual([0, 0, 0]);
  });
});

describe('the door', () => {
  it('is closed to web pages, and to host names that are not of this machine', async () => {
    const { server, queue } = await testServer();
    const tasks = await queue('tasks');
    const send = form({ Action: 'SendMessage', MessageBody: 'x' });
    const url = `${server.url}/000000000000/tasks`;
    for (const header of [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { host: `evil.example:${server.port}` },
    ]) {
      const answer = await call(url, { ...send, headers: { ...send.headers, ...header } });
      expect(answer.status).toBe(403);
    }
    expect(await tasks.counts()).toEqual([0, 0, 0]);
    const other = await call(url, {
      ...send,
      headers: { ...send.headers, host: `localhost:${server.port}` },
    });
    expect(other.status).toBe(200);
  });

  it('makes queue URLs of the name by which it was called, so that a proxy in between stays in between', async () => {
    const { server, queue } = await testServer();
    await queue('tasks');
    const options = json('GetQueueUrl', { QueueName: 'tasks' });
    const answer = await call(server.url, {
      ...options,
      headers: { ...options.headers, host: 'localhost:1234' },
    });
    expect(JSON.parse(answer.text)).toEqual({ QueueUrl: 'http://localhost:1234/000000000000/tasks' });
  });
});
