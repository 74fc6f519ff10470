import type { App } from '../../app/index.js';
import type { Logger } from '../../base/index.js';
import { builtinTasks } from '../../canvas/index.js';
import type { Delivery, OutgoingMessage, PublishOptions } from '../../messaging/index.js';
import { Engine } from '../engine.js';
import { TaskEvents } from '../events/task-events.js';
import type { Outcome } from '../execution/outcome.js';
import { logQuarantine } from '../intake/quarantine.js';
import { soloPool } from '../pools/async-pool.js';
import type { Pool } from '../pools/pool.js';
import { Revokes } from '../revoking/revokes.js';
import { resolveWorkerOptions } from '../worker-options.js';

export interface RunMessageOptions {
  /** Node name of the worker that is none. */
  readonly hostname: string;
  /** Default: the app's. */
  readonly logger?: Logger;
  /** Default: runs it on this process's event loop. */
  readonly pool?: Pool;
  /** Source of randomness in [0, 1), for the jitter of retries. */
  readonly random?: () => number;
}

/**
 * Runs a message here and now, as a worker would, without waiting for its ETA: states and results are stored, what follows is
 * sent. Resolves with what the run came to when all is done; with undefined when there was none, because the message cannot
 * be read or its task is unknown.
 */
export async function runMessage(
  app: App,
  message: OutgoingMessage,
  destination: Pick<PublishOptions, 'exchange' | 'routingKey'>,
  options: RunMessageOptions,
): Promise<Outcome | undefined> {
  const { clock } = app;
  const { hostname, logger = app.logger, pool = soloPool(), random } = options;
  // They belong to one app: a workflow that is run here looks at its own results.
  for (const task of builtinTasks(app)) if (!app.tasks.has(task.name)) app.tasks.register(task);
  let ended: Outcome | undefined;
  // An engine for each: a task waits for those it calls, and for its own next attempt.
  const engine = new Engine({
    app,
    broker: await app.broker(),
    backend: await app.backend(),
    pool,
    quarantine: logQuarantine(logger),
    options: resolveWorkerOptions({ pool: 'solo', hostname, ...(random && { random }) }, app.conf),
    chordPart: undefined,
    revokes: new Revokes(clock),
    saveRevokes: () => Promise.resolve(),
    events: new TaskEvents(undefined),
    pulse: undefined,
    onEnded: (_run, outcome) => {
      ended = outcome;
    },
    logger,
    clock,
  });
  engine.accept(deliveryOf(message, destination));
  await engine.idle();
  return ended;
}

function deliveryOf(
  message: OutgoingMessage,
  { exchange, routingKey }: Pick<PublishOptions, 'exchange' | 'routingKey'>,
): Delivery {
  const { body, contentType, contentEncoding, headers, properties } = message;
  const done = (): Promise<void> => Promise.resolve();
  return {
    body,
    contentType,
    contentEncoding,
    headers: { ...headers, eta: null },
    properties,
    info: { exchange, routingKey, queue: routingKey, redelivered: false, priority: null },
    lost: new AbortController().signal,
    isLost: false,
    ack: done,
    reject: done,
    release: done,
  };
}
