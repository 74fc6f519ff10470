import type { App } from '../../app/index.js';
import { messageOf, ToolboxError } from '../../base/index.js';
import type { OutgoingMessage, PublishOptions, Transport } from '../../messaging/index.js';
import { runMessage } from './run-message.js';

/**
 * No broker at all (`task_always_eager`): publishing a message runs it, here and now, as a worker would; so do its retries,
 * callbacks and the rest of its workflow, without waiting for any countdown or ETA. With `task_eager_propagates` a publish
 * rejects with what its task threw.
 */
export function eagerTransport(app: App): Transport {
  return {
    capabilities: {
      fanOut: 'atomic',
      maxDelaySeconds: 0,
      minDelaySeconds: 0,
      maxParkSeconds: 0,
      leased: false,
      priorities: false,
      broadcast: false,
      eventExchangeType: 'topic',
      maxMessageBytes: Number.POSITIVE_INFINITY,
    },
    url: 'eager://',
    connect: () => Promise.resolve(),
    declare: () => Promise.resolve(),
    declareExchange: () => Promise.resolve(),
    publish: (message, options) => runNow(app, message, options),
    consume: () => Promise.reject(nothingWaits('consume from')),
    size: () => Promise.resolve(0),
    count: () => Promise.resolve({ waiting: 0, held: 0, delayed: 0, consumers: 0 }),
    purge: () => Promise.resolve(0),
    deleteQueue: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

const nothingWaits = (what: string): ToolboxError =>
  new ToolboxError(
    'CONFIG_INVALID',
    `task_always_eager is on: there is no queue to ${what}; workers need it off`,
  );

async function runNow(app: App, message: OutgoingMessage, destination: PublishOptions): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const { id } = message.headers;
  const forget = app.signals.on('task_failure', (failed) => {
    if (failed.id === id) failure = { error: failed.error };
  });
  try {
    await runMessage(app, message, destination, { hostname: 'eager@%h' });
  } finally {
    forget();
  }
  if (failure !== undefined && app.conf.task_eager_propagates) throw thrown(failure.error);
}

const thrown = (error: unknown): Error => (error instanceof Error ? error : new Error(messageOf(error)));
