import type { App } from '../app/index.js';
import type { Clock, Logger } from '../base/index.js';
import type { Transport } from '../messaging/index.js';
import type { ResultBackend } from '../results/index.js';
import type { StepUp } from './lifecycle/steps.js';
import type { Worker } from './worker.js';

/** What a further step of a worker finds. */
export interface ExtensionContext {
  readonly app: App;
  readonly worker: Worker;
  readonly broker: Transport;
  readonly backend: ResultBackend | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** A further step: heartbeats, remote control, metrics. Up before the first message, down after the last. */
export interface WorkerExtension {
  readonly name: string;
  start(context: ExtensionContext, signal: AbortSignal): Promise<StepUp<unknown>>;
}
