import { hostname } from 'node:os';
import {
  type Clock,
  Emitter,
  illegalCall,
  type Logger,
  maskUrl,
  messageOf,
  newId,
  silentLogger,
  systemClock,
  ToolboxError,
} from '../base/index.js';
import { type Bus, type BusRegistry, LamportClock } from '../bus/index.js';
import type { Coordination, CoordinationRegistry } from '../coordination/index.js';
import type {
  Destination,
  OutgoingMessage,
  Queue,
  Transport,
  TransportCapabilities,
  TransportRegistry,
} from '../messaging/index.js';
import {
  AsyncResult,
  type ResultBackend,
  type ResultBackendLoader,
  type ResultBackendRegistry,
  type ResultRevokeOptions,
} from '../results/index.js';
import { defaultSerializers, type Sealer, type SerializerRegistry } from '../serialization/index.js';
import type { App, EncodedCall, InProcessSetting, SettingsSource } from './app.js';
import type { TaskCall } from './call-options.js';
import { completeCall } from './calls.js';
import { recordChild } from './current-task.js';
import { asUrl, DEFAULT_BROKER_URL, factoryFor, registered } from './factories.js';
import { firstCall } from './first-call.js';
import type { Instrumentation } from './instrumentation.js';
import { Once, waitFor } from './once.js';
import { openBus } from './open-bus.js';
import { openCoordination } from './open-coordination.js';
import { bodyEncryption } from './protocol/body-encryption.js';
import { encodeTaskMessage } from './protocol/encode.js';
import { Publisher, unroutable } from './publisher.js';
import { type CallRouter, callRouter } from './routes.js';
import { registerSecurity, type SecurityOptions } from './security.js';
import { resolveSettings, type Settings, type SettingsInput } from './settings/index.js';
import type { Signals } from './signals.js';
import { Tasks } from './task-registry.js';
import { Topology } from './topology.js';

/** What an app finds outside of itself. */
export interface AppSurroundings {
  readonly transports: TransportRegistry;
  readonly backends: ResultBackendRegistry;
  /** Databases for remote control and events, where the broker has no broadcast. Default: none. */
  readonly buses?: BusRegistry;
  /** Databases for locks and turns, where the broker keeps none. Default: none. */
  readonly coordinations?: CoordinationRegistry;
  readonly clock?: Clock;
}

export interface CeleryAppParts extends AppSurroundings {
  readonly serializers?: SerializerRegistry;
  /** Default: says nothing. */
  readonly logger?: Logger;
  readonly settings?: SettingsInput;
  /** What takes the broker's place with `task_always_eager`, and for `eagerApp`. */
  readonly eager?: (app: App) => Transport;
  /** The app whose tasks, signals and stores this one uses. */
  readonly like?: CeleryApp;
  /** How workers are told to discard tasks. */
  readonly revoke?: (app: App, taskIds: readonly string[], options: ResultRevokeOptions) => Promise<void>;
}

/** What the broker can do about delays. */
type DelayCapabilities = Pick<TransportCapabilities, 'maxDelaySeconds' | 'minDelaySeconds'>;

/** What follows from the settings once they are used. */
interface Configured {
  readonly settings: Settings;
  readonly topology: Topology;
  readonly route: CallRouter;
  readonly publisher: Publisher;
  readonly sealer: Sealer | undefined;
  /** Results come as replies: somebody must wait for them before a call is sent. */
  readonly replies: boolean;
}

/** An application: its settings, its tasks, its connections to one broker and one result store. */
export class CeleryApp implements App {
  readonly name: string;
  readonly lamport = new LamportClock();
  readonly tasks: Tasks;
  readonly signals: Emitter<Signals>;
  readonly serializers: SerializerRegistry;
  readonly replyTo = newId();
  logger: Logger;
  instrumentation: Instrumentation | undefined;
  readonly #parts: CeleryAppParts;
  #surroundings: AppSurroundings;
  readonly #transport = new Once<Transport>();
  readonly #backend = new Once<ResultBackend>();
  readonly #bus = new Once<Bus | undefined>();
  readonly #coordination = new Once<Coordination>();
  readonly #hooks: (() => Promise<void>)[] = [];
  readonly #origin = `gen${process.pid}@${hostname()}`;
  #input: Readonly<Record<string, unknown>>;
  #configured: Configured | undefined;
  /** Where this copy of the app is, when it is a child's. */
  #child: 'thread' | 'process' | undefined;

  constructor(name: string, parts: CeleryAppParts) {
    this.name = name;
    this.#parts = parts;
    this.#surroundings = parts;
    this.logger = parts.logger ?? silentLogger;
    this.serializers = parts.serializers ?? defaultSerializers();
    this.#input = { ...parts.settings };
    this.tasks = new Tasks(parts.like?.tasks);
    this.signals =
      parts.like?.signals ??
      new Emitter<Signals>((error, signal) => {
        this.logger.error({ signal, error: messageOf(error) }, 'A listener of a signal failed');
      });
    this.instrumentation = parts.like?.instrumentation;
  }

  get clock(): Clock {
    return this.#surroundings.clock ?? systemClock;
  }

  get conf(): Settings {
    return this.#use().settings;
  }

  get queues(): readonly Queue[] {
    return this.#use().topology.configured;
  }

  queue(name: string): Queue {
    return this.#use().topology.queue(name);
  }

  routeOf(task: string): { readonly destination: Destination; readonly takers: readonly Queue[] } {
    const { route, topology } = this.#use();
    const { destination } = route({ task, args: [], kwargs: {}, options: {} });
    return { destination, takers: topology.takers(destination) ?? [] };
  }

  configFromObject(source: SettingsSource): this {
    if (this.#configured !== undefined)
      throw illegalCall('configFromObject', 'configured (its settings are in use)');
    const given = typeof source['toObject'] === 'function' ? source['toObject']() : source;
    // Checked here, so that the mistake is shown where it was made.
    resolveSettings(given, {
      origin: source.constructor?.name === 'Object' ? 'settings' : source.constructor?.name,
    });
    this.#input = { ...this.#input, ...given };
    return this;
  }

  /**
   * Signs what this app sends and refuses what is not signed (Celery's `setup_security`). The settings `task_serializer:
   * 'auth'` and `accept_content: ['auth']` must be made before; files come from `security_key`, `security_certificate`
   * and `security_cert_store` unless given here. Throws CONFIG_INVALID.
   */
  setupSecurity(options: SecurityOptions = {}): this {
    registerSecurity(this.serializers, this.conf, this.clock, options);
    return this;
  }

  onFirstPublish(hook: () => Promise<void>): void {
    if (this.#configured === undefined) this.#hooks.push(hook);
    else this.#configured.publisher.beforeFirst(hook);
  }

  broker(signal?: AbortSignal): Promise<Transport> {
    return waitFor(
      this.#transport.get(() => this.#openBroker()),
      signal,
    );
  }

  eagerApp(): App {
    const { logger, serializers } = this;
    const eager = { task_always_eager: true, task_eager_propagates: false };
    const settings = { ...this.#input, ...eager };
    return new CeleryApp(this.name, {
      ...this.#parts,
      ...this.#surroundings,
      logger,
      serializers,
      settings,
      like: this,
    });
  }

  async backend(signal?: AbortSignal): Promise<ResultBackend | undefined> {
    const { like } = this.#parts;
    if (like !== undefined && this.conf.task_store_eager_result) return like.backend(signal);
    const url = resultUrl(this.conf);
    if (url === null) return undefined;
    return waitFor(
      this.#backend.get(() => this.#openBackend(url)),
      signal,
    );
  }

  chordBackend(signal?: AbortSignal): Promise<ResultBackend | undefined> {
    const chords = this.#resultLoader()?.chords;
    if (chords === 'impossible') {
      throw new ToolboxError(
        'CANVAS_INVALID',
        `Nothing can end a chord: ${this.conf.result_backend} keeps no results that workers could look at. Set result_backend to a database or to Redis`,
      );
    }
    const backend = this.backend(signal);
    return chords === 'counted' ? backend : backend.catch(() => undefined);
  }

  bus(signal?: AbortSignal): Promise<Bus | undefined> {
    const open = (): Promise<Bus | undefined> =>
      openBus({
        settings: this.conf,
        buses: this.#surroundings.buses ?? new Map(),
        serializers: this.serializers,
        broker: () => this.broker(),
        origin: this.#origin,
        logger: this.logger,
        clock: this.clock,
      });
    return waitFor(this.#bus.get(open), signal);
  }

  coordination(): Promise<Coordination> {
    const { like } = this.#parts;
    if (like !== undefined) return like.coordination();
    return this.#coordination.get(() =>
      openCoordination({
        settings: this.conf,
        stores: this.#surroundings.coordinations ?? new Map(),
        transports: this.#surroundings.transports,
        broker: () => this.broker(),
        logger: this.logger,
        clock: this.clock,
      }),
    );
  }

  async send<T = unknown>(given: TaskCall): Promise<AsyncResult<T>> {
    const { settings, route, publisher, replies } = this.#use();
    if (replies) await (await this.backend())?.expectReplies?.();
    const task = this.tasks.get(given.task);
    const unique = await firstCall({
      call: completeCall(given, task, settings),
      task,
      coordination: () => this.coordination(),
      now: this.clock.now(),
    });
    if ('first' in unique) return this.asyncResult<T>(unique.first);
    const { call, undo } = unique;
    const { destination, queue, options } = route(call);
    const routed = { ...call, options: { ...call.options, ...options } };
    const publish = (headers?: Readonly<Record<string, unknown>>): Promise<void> =>
      publisher.publish({
        task: call.task,
        id: call.options.task_id,
        destination,
        queue,
        options: call.options,
        make: ({ capabilities }) =>
          this.#message(headers === undefined ? routed : withHeaders(routed, headers), capabilities),
      });
    const { instrumentation } = this;
    const sent =
      instrumentation === undefined
        ? publish()
        : instrumentation.publish(
            {
              task: call.task,
              id: call.options.task_id,
              ...destination,
              retries: call.options.retries ?? 0,
            },
            publish,
          );
    try {
      await sent;
    } catch (error) {
      await undo().catch(() => undefined);
      throw error;
    }
    const result = this.asyncResult<T>(call.options.task_id);
    if (call.options['add_to_parent'] !== false) recordChild(result.asTuple());
    return result;
  }

  async encode(given: TaskCall): Promise<EncodedCall> {
    const { settings, topology, route } = this.#use();
    const call = completeCall(given, this.tasks.get(given.task), settings);
    const { destination, queue, options } = route(call);
    if (!topology.takes(destination)) throw unroutable(call.task, destination, topology);
    const message = await this.#message({ ...call, options: { ...call.options, ...options } });
    const { task_id: id, root_id: rootId = id } = call.options;
    return { id, task: call.task, rootId, message, destination, queue };
  }

  #message(call: TaskCall, delays?: DelayCapabilities): Promise<OutgoingMessage> {
    const { settings, topology, sealer } = this.#use();
    return encodeTaskMessage(call, {
      settings,
      serializers: this.serializers,
      sealer,
      optionsOf: (name) => this.tasks.get(name)?.options,
      now: this.clock.now(),
      origin: this.#origin,
      replyTo: this.replyTo,
      task: this.tasks.get(call.task),
      ...(delays && {
        maxDelaySeconds: delays.maxDelaySeconds,
        minDelaySeconds: delays.minDelaySeconds,
      }),
      tapped: topology.configured.some(({ tap }) => tap === true),
    });
  }

  asyncResult<T = unknown>(id: string): AsyncResult<T> {
    return new AsyncResult<T>(id, {
      backend: (signal) => this.backend(signal),
      clock: this.clock,
      revoke: this.revokeTasks,
    });
  }

  get revokeTasks(): App['revokeTasks'] {
    const { revoke } = this.#parts;
    return revoke && ((taskIds, options) => revoke(this, taskIds, options));
  }

  get inProcess(): readonly InProcessSetting[] {
    const stores = [
      ['broker_url', registered(brokerUrl(this.conf), this.#surroundings.transports)?.inProcess],
      ['result_backend', this.#resultLoader()?.inProcess],
    ] as const;
    return stores.filter(([, inProcess]) => inProcess).map(([setting]) => setting);
  }

  becomeChild(place: 'thread' | 'process'): void {
    this.#child = place;
  }

  /**
   * Puts the app, as it is, among other adapters and under another clock, or with null back where it was made. For tests of
   * an app with the settings it has in production. What was opened is closed first; after a `crash` it is left as it is.
   */
  async relocate(surroundings: AppSurroundings | null, { crash = false } = {}): Promise<void> {
    if (crash) {
      void this.#takeUsers();
      void this.#takeConnections();
    } else await this.close();
    this.#surroundings = surroundings ?? this.#parts;
  }

  async close(): Promise<void> {
    // What uses the broker's connection ends first.
    await Promise.allSettled(this.#takeUsers().map(async (one) => (await one)?.close()));
    await Promise.allSettled(this.#takeConnections().map(async (one) => (await one)?.close()));
  }

  #takeUsers() {
    return [this.#bus.take(), this.#coordination.take()];
  }

  #takeConnections() {
    this.#configured?.publisher.reset();
    return [this.#transport.take(), this.#backend.take()];
  }

  #use(): Configured {
    this.#configured ??= this.#configure();
    return this.#configured;
  }

  #configure(): Configured {
    const settings = resolveSettings(this.#input, { origin: this.name });
    const topology = new Topology(settings);
    const { signals } = this;
    const publisher = new Publisher({
      settings,
      topology,
      clock: () => this.clock,
      signals,
      broker: () => this.broker(),
    });
    for (const hook of this.#hooks) publisher.beforeFirst(hook);
    const { sealer } = bodyEncryption(settings);
    const replies = this.#resultLoader(settings)?.replies === true;
    return { settings, topology, publisher, sealer, replies, route: callRouter(settings, topology) };
  }

  /** Undefined without a result backend, or one that nothing is registered for. */
  #resultLoader(settings: Settings = this.conf): ResultBackendLoader | undefined {
    const url = resultUrl(settings);
    return url === null ? undefined : registered(url, this.#surroundings.backends);
  }

  async #openBroker(): Promise<Transport> {
    const { eager } = this.#parts;
    if (this.conf.task_always_eager && eager !== undefined) return eager(this);
    const { broker_transport_options, broker_use_ssl: ssl } = this.conf;
    const options = ssl ? { ssl, ...broker_transport_options } : broker_transport_options;
    const url = brokerUrl(this.conf);
    this.#reachable('broker_url', url);
    const make = await factoryFor('broker_url', url, this.#surroundings.transports)();
    const connection = connectionOptions(this.conf);
    const transport = await make({ url, options, connection, logger: this.logger, clock: this.clock });
    try {
      await transport.connect();
    } catch (error) {
      await transport.close().catch(() => {});
      throw error;
    }
    return transport;
  }

  #reachable(setting: InProcessSetting, url: string): void {
    const place = this.#child;
    if (place === undefined || this.conf.task_always_eager || !this.inProcess.includes(setting)) return;
    throw new ToolboxError(
      'CONFIG_INVALID',
      `${setting} ${maskUrl(url)} exists in the worker's own process: a ${place} of its pool cannot reach it. Tasks that send calls or read results need a broker and a store that can be shared, or the pool async`,
      { fields: { setting, place } },
    );
  }

  async #openBackend(url: string): Promise<ResultBackend> {
    this.#reachable('result_backend', url);
    const make = await factoryFor('result_backend', url, this.#surroundings.backends)();
    const backend = await make({
      url,
      options: resultOptions(this.conf),
      serializers: this.serializers,
      messaging: { broker: () => this.broker(), replyTo: this.replyTo },
      logger: this.logger,
      clock: this.clock,
    });
    try {
      await backend.connect();
    } catch (error) {
      await backend.close().catch(() => {});
      throw error;
    }
    return backend;
  }
}

function brokerUrl({ broker_url: url, broker_transport: transport }: Settings): string {
  return asUrl(url ?? transport ?? DEFAULT_BROKER_URL);
}

/** Where results go; null when nowhere. */
function resultUrl(settings: Settings): string | null {
  const { task_always_eager, task_store_eager_result, result_backend, database_url } = settings;
  if (task_always_eager && !task_store_eager_result) return 'cache+memory://';
  const url = result_backend ?? database_url;
  return url === null ? null : asUrl(url);
}

const connectionOptions = (settings: Settings): Record<string, unknown> => ({
  heartbeat: settings.broker_heartbeat,
  connect_timeout: settings.broker_connection_timeout,
  login_method: settings.broker_login_method ?? undefined,
  failover_strategy: settings.broker_failover_strategy ?? undefined,
  native_delayed_delivery_queue_type: settings.broker_native_delayed_delivery_queue_type,
  detect_quorum_queues: settings.worker_detect_quorum_queues,
});

const resultOptions = (settings: Settings): Record<string, unknown> =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => /^(database|result|redis)_/.test(name)));

const withHeaders = (call: TaskCall, headers: Readonly<Record<string, unknown>>): TaskCall => ({
  ...call,
  options: { ...call.options, headers: { ...call.options.headers, ...headers } },
});
