import type { App } from '../../app/index.js';
import { hasCode, type Logger, messageOf } from '../../base/index.js';
import type { Bus } from '../../bus/index.js';
import { applySignature } from '../../canvas/index.js';
import { EventDispatcher, newInstance } from '../../remote/index.js';
import { Mailbox } from '../control/mailbox.js';
import type { Engine } from '../engine.js';
import { Heart, type Pulse } from '../events/heart.js';
import { mingle } from '../neighbours/mingle.js';
import { Neighbours } from '../neighbours/neighbours.js';
import type { Worker } from '../worker.js';
import type { RemoteOptions } from '../worker-options.js';
import type { Opening } from './core-steps.js';
import { RemoteParts } from './remote-parts.js';
import type { StepUp } from './steps.js';

/** Up: there is a way to the other programs. None is no reason not to work: it is said once. */
export async function busStep(
  { app, conf, logger, signal }: Opening,
  { heartbeat, gossip, mingle: mingles, taskEvents }: RemoteOptions,
): Promise<StepUp<Bus | undefined>> {
  const wanted = conf.worker_enable_remote_control || heartbeat !== null || gossip || mingles || taskEvents;
  const bus = wanted ? await open(app, logger, signal) : undefined;
  return { provides: bus, info: () => ({ url: bus?.url ?? null }) };
}

async function open(app: App, logger: Logger, signal: AbortSignal): Promise<Bus | undefined> {
  try {
    const bus = await app.bus(signal);
    if (bus === undefined) {
      logger.warn(
        {},
        'no remote control and no events: the broker has no broadcast, and no database is known for them',
      );
    }
    return bus;
  } catch (error) {
    if (!hasCode(error, 'STORE_REFUSED') && !hasCode(error, 'STORE_UNREACHABLE')) throw error;
    logger.warn(
      { error: messageOf(error) },
      'no remote control and no events until the worker is started again',
    );
    return undefined;
  }
}

export interface EventsStepOptions {
  readonly app: App;
  readonly bus: Bus | undefined;
  readonly hostname: string;
  readonly options: RemoteOptions;
  /** Known once the worker is built. */
  readonly engine: () => Engine | undefined;
  readonly logger: Logger;
}

export interface WorkerEvents {
  /** Undefined: there is no way to send any. */
  readonly dispatcher: EventDispatcher | undefined;
  /** Undefined: no heartbeats are sent. */
  readonly pulse: Pulse | undefined;
}

/** Up: monitors know of the worker. Down: they know that it is gone. */
export function eventsStep({
  app,
  bus,
  hostname,
  options,
  engine,
  logger,
}: EventsStepOptions): StepUp<WorkerEvents> {
  if (bus === undefined) return { provides: { dispatcher: undefined, pulse: undefined } };
  const { clock, lamport } = app;
  const events = new EventDispatcher({
    publish: (batch) => bus.publish(batch),
    lamport,
    clock,
    logger,
    hostname,
    without: options.taskEvents ? [] : ['task'],
  });
  const counts = (): { active: number; processed: number } => ({
    active: engine()?.active ?? 0,
    processed: engine()?.stats.processed ?? 0,
  });
  const { heartbeat } = options;
  const pulse = heartbeat === null ? undefined : { instance: newInstance(app, bus), freq: heartbeat };
  const onBeat = (): void => {
    if (app.signals.has('heartbeat_sent')) void app.signals.send('heartbeat_sent', { hostname });
  };
  const heart = pulse && new Heart({ dispatcher: events, clock, pulse, counts, onBeat });
  heart?.start();
  return {
    provides: { dispatcher: events, pulse },
    async stop() {
      heart?.stop();
      await events.flush();
    },
    info: () => ({ task_events: events.tasks }),
  };
}

export interface RemoteStepOptions {
  readonly app: App;
  readonly bus: Bus | undefined;
  readonly worker: Worker;
  readonly events: EventDispatcher | undefined;
  readonly options: RemoteOptions;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Up: what the neighbours know is known, their events are heard, commands are obeyed. */
export async function remoteStep(given: RemoteStepOptions): Promise<StepUp<Neighbours>> {
  const { app, bus, worker, events, options, logger, signal } = given;
  const { clock, conf } = app;
  const elected = async (topic: string, action: unknown): Promise<void> => {
    if (topic !== 'task') throw new Error(`unknown topic ${topic}`);
    await applySignature(app, action as Parameters<typeof applySignature>[1]);
  };
  const neighbours = new Neighbours({ app, hostname: worker.hostname, events, clock, logger, elected });
  if (bus === undefined) return { provides: neighbours };
  const parts = new RemoteParts(clock, logger);
  if (options.gossip) await parts.open('gossip', () => neighbours.listen(bus));
  if (conf.worker_enable_remote_control) {
    const mailbox = new Mailbox(bus, { app, worker, events, neighbours, logger, clock });
    await parts.open('remote control', async () => {
      const subscription = await bus.serve(worker.hostname, mailbox.receive);
      // Nobody waits for these answers any more.
      for (const request of await bus.remembered()) mailbox.receive({ ...request, reply_to: null });
      return subscription;
    });
  }
  if (options.mingle) await parts.open('mingle', () => mingle({ app, bus, worker, logger, signal }));
  signal.throwIfAborted();
  return {
    provides: neighbours,
    stop: () => parts.close(),
    info: () => ({ parts: parts.names, neighbours: neighbours.alive() }),
  };
}
