import {
  type Attributes,
  context as active,
  type Context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import type { App, Instrumentation, TaskContext, TaskRequest } from '../../app/index.js';
import { messageOf } from '../../base/index.js';
import { isRetriedOn } from '../../worker/index.js';
import { requestAttributes } from './request-attributes.js';

export interface TracingOptions {
  /** Default: the one registered with `@opentelemetry/api`. */
  readonly tracerProvider?: TracerProvider;
}

/**
 * Traces an app's calls and runs with OpenTelemetry: a trace that begins in one program goes on in the tasks it calls,
 * through chains, callbacks and retries, also where Python workers with `opentelemetry-instrumentation-celery` take part:
 * message headers, names of spans and attributes are the same. Without a registered SDK nothing is recorded. Call it once,
 * where the app is made, so that pools with processes or threads of their own do the same.
 */
export function setupTracing(app: App, { tracerProvider }: TracingOptions = {}): void {
  app.instrumentation = new Tracing(app, tracerProvider ?? trace);
}

class Tracing implements Instrumentation {
  readonly #app: Pick<App, 'tasks'>;
  readonly #provider: Pick<TracerProvider, 'getTracer'>;
  /** The context each run's span belongs to, for what follows it. */
  readonly #runs = new WeakMap<TaskContext, Context>();

  constructor(app: Pick<App, 'tasks'>, provider: Pick<TracerProvider, 'getTracer'>) {
    this.#app = app;
    this.#provider = provider;
  }

  async publish<T>(
    { task, id, exchange, routingKey, retries }: Parameters<Instrumentation['publish']>[0],
    send: (headers: Readonly<Record<string, unknown>>) => Promise<T>,
  ): Promise<T> {
    const attributes: Attributes = {
      'celery.action': 'apply_async',
      'celery.task_name': task,
      'messaging.message.id': id,
      'messaging.destination': routingKey,
      ...(exchange !== '' && { 'celery.exchange': exchange }),
      ...(retries > 0 && { 'celery.retries': retries }),
    };
    const span = this.#tracer().startSpan(`apply_async/${task}`, { kind: SpanKind.PRODUCER, attributes });
    const within = trace.setSpan(active.active(), span);
    const headers: Record<string, unknown> = {};
    propagation.inject(within, headers);
    try {
      return await active.with(within, () => send(headers));
    } catch (error) {
      failed(span, error);
      throw error;
    } finally {
      span.end();
    }
  }

  async run<T>(context: TaskContext, run: () => Promise<T>): Promise<T> {
    const { request } = context;
    const span = this.#tracer().startSpan(
      `run/${context.name}`,
      { kind: SpanKind.CONSUMER },
      propagation.extract(active.active(), request.customHeaders),
    );
    const within = trace.setSpan(active.active(), span);
    this.#runs.set(context, within);
    if (span.isRecording()) span.setAttributes(requestAttributes(context));
    try {
      const value = await active.with(within, run);
      span.setAttribute('celery.state', 'SUCCESS');
      return value;
    } catch (error) {
      this.#ended(span, context, error);
      throw error;
    } finally {
      span.end();
    }
  }

  follow<T>(request: TaskRequest, context: TaskContext | undefined, send: () => Promise<T>): Promise<T> {
    const own = context && this.#runs.get(context);
    // A run in another process has its span there: what follows is then a sibling of it.
    return active.with(own ?? propagation.extract(active.active(), request.customHeaders), send);
  }

  #ended(span: Span, context: TaskContext, error: unknown): void {
    const name = error instanceof Error ? error.name : '';
    if (name === 'Ignore' || name === 'Reject') {
      span.setAttribute('celery.state', name === 'Ignore' ? 'IGNORED' : 'REJECTED');
      return;
    }
    const task = this.#app.tasks.get(context.name);
    if (task !== undefined && isRetriedOn(context.request, task, error)) {
      span.setAttributes({ 'celery.state': 'RETRY', 'celery.retry.reason': messageOf(error) });
      return;
    }
    span.setAttribute('celery.state', 'FAILURE');
    failed(span, error);
  }

  #tracer() {
    return this.#provider.getTracer('cadasta-workertoolbox');
  }
}

function failed(span: Span, error: unknown): void {
  span.recordException(error instanceof Error ? error : messageOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
}
