import { CeleryApp, type SettingsInput } from '../../app/index.js';
import type { Clock, Logger } from '../../base/index.js';
import { type TaskFactory, taskFactory } from '../../canvas/index.js';
import type { TransportRegistry } from '../../messaging/index.js';
import { createControl } from '../../remote/index.js';
import type { ResultBackendRegistry } from '../../results/index.js';
import { defaultSerializers, type JsonOptions } from '../../serialization/index.js';
import { eagerTransport } from '../../worker/index.js';
import {
  builtInBackends,
  builtInBuses,
  builtInCoordinations,
  builtInTransports,
} from './built-in-adapters.js';
import { announceSentTasks } from './sent-events.js';
import { setupApp } from './setup-app.js';

export interface CeleryOptions {
  /** Settings to begin with; `configFromObject` adds to them. */
  readonly settings?: SettingsInput;
  /** Default: says nothing. */
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Further transports by URL scheme; they win over the built-in ones. */
  readonly transports?: TransportRegistry;
  /** Further result backends by URL scheme. */
  readonly backends?: ResultBackendRegistry;
  /** How JSON is written. `{ envelopes: false }` where a Python peer is older than Celery 5.3 (kombu 5.3). */
  readonly json?: JsonOptions;
}

/**
 * An app with everything built in: the transports, the result backends, tasks with the short-hands of the canvas, and the
 * set-up that the architecture asks for.
 */
export class Celery extends CeleryApp {
  /** Defines a task and registers it. Types are inferred from the function or the schema. */
  readonly task: TaskFactory;
  /** True when `setupApp` has succeeded. */
  isSetUp = false;

  constructor(name: string, { transports, backends, json, ...rest }: CeleryOptions = {}) {
    super(name, {
      ...rest,
      ...(json && { serializers: defaultSerializers(json) }),
      transports: new Map([...builtInTransports(), ...(transports ?? [])]),
      backends: new Map([...builtInBackends(), ...(backends ?? [])]),
      buses: builtInBuses(),
      coordinations: builtInCoordinations(),
      eager: eagerTransport,
      revoke: async (app, taskIds, options) =>
        void (await createControl(app).revoke(taskIds, { ...options, reply: false })),
    });
    this.task = taskFactory(this);
    this.signals.on('worker_init', () => setupApp(this, { throw: false }));
    // Hooks run once: the listener is connected once.
    this.onFirstPublish(async () => {
      if (!this.isSetUp) await setupApp(this);
      announceSentTasks(this);
    });
  }
}
