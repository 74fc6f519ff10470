import { type SqsServer, startSqsServer } from '../../../../src/embedded/sqs/index.js';
import { createVhost } from '../../../support/rabbitmq.js';

/** A broker of a test file's own. */
export interface Place {
  readonly url: string;
  readonly options: Readonly<Record<string, unknown>>;
  remove(): Promise<void>;
}

export async function rabbitmqPlace(): Promise<Place> {
  const vhost = await createVhost();
  return { url: vhost.url, options: {}, remove: () => vhost.remove() };
}

export async function sqsPlace(): Promise<Place> {
  const server: SqsServer = await startSqsServer();
  return {
    url: `sqs://key:secret@127.0.0.1:${server.port}`,
    options: {
      region: 'us-east-1',
      is_secure: false,
      queue_name_prefix: 'dev-',
      visibility_timeout: 20,
      wait_time_seconds: 5,
    },

    remove: () => server.close(),
  };
}
