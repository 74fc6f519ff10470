import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { CeleryApp as App, type CeleryApp, defineTask } from '../../../src/app/index.js';
import { createMemoryResultBackend } from '../../../src/results/memory/index.js';
import { setupTracing } from '../../../src/toolbox/index.js';
import { createAmqpTransport } from '../../../src/transports/amqp/index.js';
import { createWorker, type Worker } from '../../../src/worker/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { describeRabbitmq } from '../../support/rabbitmq.js';

interface SpanLine {
  readonly name: string;
  readonly trace: string;
  readonly span: string;
  readonly parent: string | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
});
afterEach(() => exporter.reset());
afterAll(() => {
  trace.disable();
  propagation.disable();
  context.disable();
});

const ours = (): SpanLine[] =>
  exporter.getFinishedSpans().map((span) => ({
    name: span.name,
    trace: span.spanContext().traceId,
    span: span.spanContext().spanId,
    parent: span.parentSpanContext?.spanId ?? null,
    attributes: span.attributes,
  }));

/** The names from a span up to the first one. */
function pathUp(all: readonly SpanLine[], from: string): readonly string[] {
  const path: string[] = [];
  let at = all.find(({ name }) => name === from);
  while (at !== undefined) {
    const { name, parent } = at;
    path.push(name);
    at = all.find(({ span }) => span === parent);
  }
  return path;
}

describeRabbitmq('a trace', (vhost) => {
  async function started(queue: string): Promise<{ readonly app: CeleryApp; readonly worker: Worker }> {
    const app = new App('traced', {
      transports: new Map([['amqp', async () => createAmqpTransport]]),
      backends: new Map([['memory', async () => createMemoryResultBackend]]),
      settings: { broker_url: vhost().url, result_backend: 'memory://', task_default_queue: queue },
    });
    setupTracing(app);
    defineTask(app, 'ts.step', { bind: true, maxRetries: 1 }, async (task, x: number) => {
      if (task.retries === 0) task.retry({ error: new RangeError('not yet'), countdown: 0 });
      await app.send({ task: 'py.step', args: [x + 1], kwargs: {}, options: { queue: 'py' } });
    });
    defineTask(app, 'ts.link', (x: number) => x + 1);
    defineTask(app, 'ts.fail', () => {
      throw new RangeError('broken');
    });
    const worker = createWorker(app, { queues: [queue] });
    onTestFinished(async () => {
      await worker.stop({ deadlineMs: 0 });
      await app.close();
    });
    await worker.start();
    return { app, worker };
  }

  test('goes from Python to TypeScript, through a retry, and back', { timeout: 60_000 }, async (it) => {
    const python = celeryPython();
    if (python === undefined) return it.skip(NO_PYTHON);
    await started('ts');
    const child = spawn(
      python,
      [fileURLToPath(new URL('peer.py', import.meta.url)), vhost().url, 'py', 'ts'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    const theirs: SpanLine[] = [];
    for await (const line of createInterface(child.stdout)) {
      if (!line.startsWith('SPAN ')) continue;
      theirs.push(JSON.parse(line.slice(5)) as SpanLine);
      if (theirs.at(-1)?.name === 'run/py.step') break;
    }
    const all = [...theirs, ...ours()];
    const request = theirs.find(({ name }) => name === 'request');
    expect(new Set(all.map((one) => one.trace))).toEqual(new Set([request?.trace]));
    expect(pathUp(all, 'run/py.step')).toEqual([
      'run/py.step',
      'apply_async/py.step',
      'run/ts.step',
      'apply_async/ts.step',
      'run/ts.step',
      'apply_async/ts.step',
      'request',
    ]);
    const runs = ours().filter(({ name }) => name === 'run/ts.step');
    expect(runs.map(({ attributes }) => attributes['celery.state'])).toEqual(['RETRY', 'SUCCESS']);
    expect(runs[0]?.attributes).toMatchObject({
      'celery.action': 'run',
      'celery.task_name': 'ts.step',
      'celery.retry.reason': 'Retry in 0s: not yet',
      'messaging.destination': 'ts',
    });
    expect(runs[1]?.attributes['celery.retries']).toBe(1);
    const [theirRun] = theirs.filter(({ name }) => name === 'run/py.step');
    for (const name of [
      'celery.action',
      'celery.task_name',
      'messaging.message.id',
      'celery.state',
      'celery.hostname',
      'messaging.destination',
    ]) {
      expect(theirRun?.attributes, name).toHaveProperty([name]);
      expect(runs[1]?.attributes, name).toHaveProperty([name]);
    }
  });

  test('goes on through callbacks and chains, and shows what failed', async () => {
    const { app } = await started('links');
    const step = (task: string) => ({
      task,
      args: [],
      kwargs: {},
      options: {},
      subtask_type: null,
      immutable: false,
    });
    const failed = new Promise<void>((resolve) => app.signals.on('task_failure', () => resolve()));
    await trace.getTracer('test').startActiveSpan('begin', async (span) => {
      await app.send({
        task: 'ts.link',
        args: [1],
        kwargs: {},
        options: { chain: [step('ts.fail'), step('ts.link')] },
      });
      span.end();
    });
    await failed;
    // A span ends when the broker has confirmed: the worker may have been quicker.
    await expect
      .poll(() => pathUp(ours(), 'run/ts.fail'), { timeout: 10_000 })
      .toEqual([
        'run/ts.fail',
        'apply_async/ts.fail',
        'run/ts.link',
        'apply_async/ts.link',
        'run/ts.link',
        'apply_async/ts.link',
        'begin',
      ]);
    const span = exporter.getFinishedSpans().find(({ name }) => name === 'run/ts.fail');
    expect(span?.status).toEqual({
      code: 2,
      message: expect.stringContaining('takes 0 positional arguments'),
    });
    expect(span?.attributes['celery.state']).toBe('FAILURE');
  });
});
