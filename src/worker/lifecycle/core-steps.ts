import type { App, Settings } from '../../app/index.js';
import { type Clock, type Logger, maskUrl, systemClock } from '../../base/index.js';
import { type ChordBackend, ChordKeeper } from '../../canvas/index.js';
import type { Queue, Transport } from '../../messaging/index.js';
import type { ResultBackend } from '../../results/index.js';
import type { Engine } from '../engine.js';
import type { Pool } from '../pools/pool.js';
import type { PoolControl } from '../pools/pool-control.js';
import type { Revokes } from '../revoking/revokes.js';
import { StateFile } from '../revoking/state-file.js';
import { drain } from './drain.js';
import { firstConnection } from './first-connection.js';
import { LoopWatch } from './loop-watch.js';
import type { StepUp } from './steps.js';
import type { StopDeadline } from './stop-deadline.js';
import { TaskConsumer } from './task-consumer.js';

/** What a step that opens a connection needs. */
export interface Opening {
  readonly app: App;
  readonly conf: Settings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export async function poolStep(
  pool: Pool,
  { conf, logger, hostname }: Pick<Opening, 'conf' | 'logger'> & { readonly hostname: string },
): Promise<StepUp<Pool>> {
  await pool.start({ hostname, logger });
  // Limits are each task's own; Celery's stats show the ones for all.
  const timeouts = [conf.task_soft_time_limit ?? 0, conf.task_time_limit ?? 0];
  return { provides: pool, stop: () => pool.stop(), info: () => ({ ...pool.info(), timeouts }) };
}

/** Up: the number of slots follows the work. */
export function autoscalerStep(control: PoolControl): StepUp<PoolControl> {
  control.start();
  return { provides: control, stop: async () => control.stop(), info: () => control.info() };
}

/** Up: what was revoked before is known again. Down: the file holds what is revoked now, and is free. */
export function stateStep(path: string, revokes: Revokes): StepUp<StateFile> {
  const file = StateFile.open(
    path,
    () => revokes.image(),
    (image) => revokes.restore(image),
  );
  return { provides: file, stop: () => file.close(), info: () => ({ path }) };
}

/** The connection is the app's: it stays open for whoever else uses the app. */
export async function brokerStep(opening: Opening): Promise<StepUp<Transport>> {
  const broker = await firstConnection((signal) => opening.app.broker(signal), {
    ...opening,
    what: 'broker',
    away: 'BROKER_UNREACHABLE',
  });
  return { provides: broker, info: () => ({ url: maskUrl(broker.url), ...broker.capabilities }) };
}

export async function backendStep(opening: Opening): Promise<StepUp<ResultBackend | undefined>> {
  const backend = await firstConnection((signal) => opening.app.backend(signal), {
    ...opening,
    what: 'result backend',
    away: 'RESULT_BACKEND_UNREACHABLE',
  });
  return {
    provides: backend,
    info: () =>
      backend === undefined ? { url: null } : { url: maskUrl(backend.url), ...backend.capabilities },
  };
}

/** Up: chords end, where the result store can tell that their headers are done. */
export function chordsStep(
  backend: ResultBackend | undefined,
  { app, clock, logger }: Opening,
): StepUp<ChordKeeper | undefined> {
  if (backend?.chords === undefined) return { provides: undefined };
  const keeper = new ChordKeeper({ app, backend: backend as ChordBackend, clock, logger });
  keeper.start();
  return { provides: keeper, stop: () => keeper.stop() };
}

/** Up: the event loop is watched. */
export function loopStep({
  engine,
  broker,
  logger,
}: Pick<ConsumerStepOptions, 'engine' | 'broker' | 'logger'>): StepUp<LoopWatch> {
  const watch = new LoopWatch({
    // How late the loop is, is a matter of the machine's time, whatever the app's clock is.
    clock: systemClock,
    logger,
    running: () => engine.running(),
    consequence: () => broker.whenSilent ?? 'nothing is answered meanwhile',
  });
  watch.start();
  return {
    provides: watch,
    stop: async () => watch.stop(),
    info: () => ({ lag_seconds: watch.lagSeconds, worst_lag_seconds: watch.worstSeconds }),
  };
}

export interface ConsumerStepOptions {
  readonly broker: Transport;
  readonly engine: Engine;
  readonly queues: readonly Queue[];
  readonly pool: Pool;
  readonly deadline: StopDeadline;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Up: messages come. Down: no further ones come, unstarted ones are back, running ones have ended or were given back. */
export async function consumerStep(options: ConsumerStepOptions): Promise<StepUp<TaskConsumer>> {
  const { broker, engine, queues, pool, deadline, clock, logger } = options;
  const mayBlock = pool.onLoop === true;
  const consumption = await TaskConsumer.start({ broker, engine, queues, mayBlock, logger });
  engine.attach(consumption);
  return {
    provides: consumption,
    async stop() {
      await drain(engine, consumption.stop(), deadline.passed, { clock, logger });
      deadline.cancel();
    },
    info: () => ({
      queues: consumption.queues.map(({ name }) => name),
      prefetch_count: engine.window.size,
      pending: engine.pending,
      active: engine.active,
      results_away: engine.resultsAway,
      last_poll: consumption.lastPoll,
    }),
  };
}
