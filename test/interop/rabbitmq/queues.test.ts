import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { broadcastQueue, type Delivery } from '../../../src/messaging/index.js';
import { Celery } from '../../../src/toolbox/setup/index.js';
import { createWorker, type Worker } from '../../../src/worker/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { describeRabbitmq } from '../../support/rabbitmq.js';

const PEER = fileURLToPath(new URL('./queues_peer.py', import.meta.url));
const python = celeryPython() ?? 'python3';
const run = promisify(execFile);

type Settings = Readonly<Record<string, unknown>>;

describeRabbitmq(
  celeryPython() === undefined ? `queues beside Celery (${NO_PYTHON})` : 'queues beside Celery',
  (vhost) => {
    const apps: Celery[] = [];
    const workers: Worker[] = [];

    afterEach(async () => {
      await Promise.all(workers.splice(0).map((worker) => worker.stop({ deadlineMs: 0 })));
      await Promise.all(apps.splice(0).map((app) => app.close()));
    });

    function typescript(settings: Settings): Celery {
      const app = new Celery('queues', {
        settings: { broker_url: vhost().url, result_backend: null, ...settings },
      });
      apps.push(app);
      return app;
    }

    async function started(app: Celery, options: Parameters<typeof createWorker>[1] = {}): Promise<Worker> {
      const worker = createWorker(app, options);
      workers.push(worker);
      await worker.start();
      return worker;
    }

    const remove = (names: readonly string[]) =>
      Promise.all(
        names.map((name) => vhost().api('DELETE', `/api/queues/${vhost().name}/${encodeURIComponent(name)}`)),
      );

    // Each side declares first once: whoever comes second would be refused for any difference.
    const cases: readonly (readonly [string, Settings, readonly string[]])[] = [
      ['classic, as by default', {}, ['celery', 'made']],
      [
        'with priorities',
        { task_queue_max_priority: 9, worker_direct: true },
        ['celery', 'made', 'w1@host.dq2'],
      ],
      [
        'quorum by default',
        { task_default_queue_type: 'quorum', task_create_missing_queue_type: 'quorum' },
        ['celery', 'made'],
      ],
      [
        'of a topic exchange when made',
        { task_create_missing_queue_exchange_type: 'topic', task_create_missing_queue_type: 'quorum' },
        ['celery', 'made'],
      ],
      [
        'with limits and dead letters',
        {
          task_queues: {
            limited: {
              exchange: 'limited',
              routing_key: 'limited',
              expires: 3600,
              message_ttl: 60.5,
              max_length: 10,
              max_length_bytes: 4096,
              max_priority: 3,
              queue_arguments: { 'x-dead-letter-exchange': 'dead', 'x-dead-letter-routing-key': 'letters' },
            },
          },
        },
        ['limited'],
      ],
    ];
    for (const [title, settings, names] of cases) {
      it(`either side may declare first the queues that are ${title}`, async () => {
        const declaredByPython = () =>
          run(python, [PEER, 'declare', vhost().url, JSON.stringify(settings), ...names]);
        for (const pythonFirst of [true, false]) {
          if (pythonFirst) await declaredByPython();
          const app = typescript({ ...settings });
          app.task('queues.none', () => null);
          const worker = await started(app, {
            queues: names.filter((name) => !name.includes('@')),
            hostname: 'w1@host',
          });
          expect([...worker.info().queues].sort()).toEqual([...names].sort());
          if (!pythonFirst) await declaredByPython();
          await worker.stop({ deadlineMs: 0 });
          await remove(names);
          for (const name of names) await vhost().api('DELETE', `/api/exchanges/${vhost().name}/${name}`);
        }
      }, 40_000);
    }

    it('runs the more urgent first, with the default priority where none is given', async () => {
      const settings = { task_queue_max_priority: 9, task_default_priority: 4, task_default_queue: 'urgent' };
      const app = typescript(settings);
      const ran: string[] = [];
      let done = (): void => {};
      const all = new Promise<void>((resolve) => {
        done = resolve;
      });
      const note = app.task('queues.urgent', (name: string) => {
        ran.push(name);
        if (ran.length === 3) done();
      });
      await note.applyAsync({ args: ['idle'], priority: 1 });
      await note.applyAsync({ args: ['default'] });
      await note.applyAsync({ args: ['urgent'], priority: 9 });
      await started(app, { concurrency: 1, prefetchMultiplier: 1 });
      await all;
      expect(ran).toEqual(['urgent', 'default', 'idle']);
    });

    it("reaches one worker by its own queue, and every worker by a broadcast, from either side's producer", async () => {
      const heard: string[] = [];
      let wake = (): void => {};
      const nodes = ['one@host', 'two@host'];
      for (const hostname of nodes) {
        const app = typescript({ worker_direct: true, task_queues: [broadcastQueue('to_all')] });
        app.task('everyone.note', () => {
          heard.push(hostname);
          wake();
        });
        await started(app, { hostname });
      }
      const count = async (wanted: number): Promise<string[]> => {
        while (heard.length < wanted) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        return heard.splice(0).sort();
      };
      const producer = typescript({ task_queues: [broadcastQueue('to_all')] });
      await producer.send({ task: 'everyone.note', args: [], kwargs: {}, options: { queue: 'to_all' } });
      expect(await count(2)).toEqual(nodes);
      await run(python, [PEER, 'send', vhost().url, '{}']);
      expect(await count(2)).toEqual(nodes);
      await producer.send({
        task: 'everyone.note',
        args: [],
        kwargs: {},
        options: { exchange: 'C.dq2', routing_key: 'two@host' },
      });
      expect(await count(1)).toEqual(['two@host']);
    }, 30_000);

    it('a broadcast reaches a Python listener, and is dropped when nobody listens', async () => {
      const app = typescript({ task_queues: [broadcastQueue('to_all')] });
      const call = { task: 'everyone.note', args: [], kwargs: {}, options: { queue: 'to_all' } };
      await app.send(call);
      const child = spawn(python, [PEER, 'broadcast', vhost().url, '{}'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      await lines.next();
      await app.send(call);
      expect(JSON.parse(String((await lines.next()).value))).toEqual(['everyone.note', 'to_all']);
    }, 30_000);

    it('changes the limit of unsettled messages of a quorum queue while it is consumed', async () => {
      const broker = await typescript({}).broker();
      const queue = {
        name: 'limited-quorum',
        exchange: { name: '', type: 'direct' },
        routingKey: 'limited-quorum',
        arguments: { 'x-queue-type': 'quorum' },
      } as const;
      await broker.declare([queue]);
      const body = {
        body: Buffer.from('x'),
        contentType: 'a/b',
        contentEncoding: 'binary',
        headers: {},
        properties: {},
      };
      for (let n = 0; n < 6; n += 1) await broker.publish(body, { exchange: '', routingKey: queue.name });
      const held: Delivery[] = [];
      let wake = (): void => {};
      const hold = async (count: number): Promise<void> => {
        while (held.length < count) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      };
      const consumption = await broker.consume({
        queues: [queue],
        prefetch: 1,
        onDelivery: (delivery) => {
          held.push(delivery);
          wake();
        },
      });
      await hold(1);
      // The old limit counts what its own consumer held; the new consumer has three places of its own.
      consumption.setPrefetch(3);
      await hold(4);
      await Promise.all(held.map((delivery) => delivery.ack()));
      await hold(6);
      expect(held).toHaveLength(6);
    });
  },
);
