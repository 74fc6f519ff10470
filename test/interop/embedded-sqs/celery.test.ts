import { watch } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DeleteMessageBatchCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSqsServer } from '../../../src/embedded/sqs/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { folder, python, speaking } from './support.js';

const hasPython = celeryPython() !== undefined;
const TASKS = 25;

interface Envelope {
  readonly headers: { readonly id: string; readonly task: string };
}

describe.skipIf(!hasPython)(hasPython ? 'Python Celery' : `Python Celery (${NO_PYTHON})`, () => {
  it.each(['json', 'query'] as const)(
    'sends, works, retries and leaves nothing behind, over the %s protocol',
    { timeout: 60_000 },
    async (protocol) => {
      const server = await startSqsServer();
      onTestFinished(() => server.close());
      const notes = join(await folder(), 'notes');
      await writeFile(notes, '');
      const env = {
        ...(await speaking(protocol)),
        PEER_BROKER_URL: `sqs://key:secret@127.0.0.1:${server.port}`,
        PEER_QUEUE_PREFIX: 'dev-',
        PEER_NOTES: notes,
      };
      const sent = (await python(['celery_app.py', `${TASKS}`], env).output).trim().split('\n');
      expect(sent).toHaveLength(TASKS + 1);

      const worker = python(
        ['-m', 'celery', '-A', 'celery_app', 'worker', '-Q', 'export', '-P', 'solo', '-l', 'warning'],
        env,
      );
      const lines = await linesOf(notes, sent.length, worker.output);
      expect(lines.map(([, id]) => id).sort()).toEqual([...sent].sort());
      expect(lines.filter(([, , retries]) => retries === '1')).toEqual([['-1', sent.at(-1), '1']]);
      worker.stop();
      await worker.output;

      const client = new SQSClient({
        endpoint: server.url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      });
      onTestFinished(() => client.destroy());
      const { QueueUrls = [] } = await client.send(new ListQueuesCommand({ QueueNamePrefix: 'dev-' }));
      const [work, platform] = ['dev-export', 'dev-platform.fifo'].map((name) =>
        QueueUrls.find((url) => url.endsWith(`/${name}`)),
      );
      expect(await bodies(client, work)).toEqual([]);
      // The platform was told of every task, in the order of sending, and of the retry.
      const tracked = (await bodies(client, platform)).map(({ headers }) => headers.id);
      expect(tracked).toEqual([...sent, sent.at(-1)]);
    },
  );
});

/** What is in a queue, deleted as it is read: the group of a FIFO queue gives nothing while something is held. */
async function bodies(client: SQSClient, QueueUrl: string | undefined): Promise<Envelope[]> {
  const all: Envelope[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return all;
    all.push(
      ...Messages.map(({ Body = '' }) => JSON.parse(Buffer.from(Body, 'base64').toString()) as Envelope),
    );
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

/** The words of each line, once there are `count` lines; rejects when the program that writes them ends before. */
async function linesOf(path: string, count: number, program: Promise<unknown>): Promise<string[][]> {
  const changed = new AbortController();
  const ended = program.then(
    () => Promise.reject(new Error('the worker ended too early')),
    (error: unknown) => Promise.reject(error as Error),
  );
  ended.catch(() => {});
  const complete = new Promise<string[][]>((resolve, reject) => {
    const look = async (): Promise<void> => {
      const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
      if (lines.length >= count) resolve(lines.map((line) => line.split(' ')));
    };
    watch(path, { signal: changed.signal }, () => void look().catch(reject));
    look().catch(reject);
  });
  try {
    return await Promise.race([complete, ended]);
  } finally {
    changed.abort();
  }
}
