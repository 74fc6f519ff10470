import type { Hono } from 'hono';
import type { Role } from '../../platform/index.js';
import { listQueues, listWorkers, taskDetail } from '../../platform/index.js';
import type { Environment } from '../http/environment.js';
import { Privacy } from '../routes/privacy.js';
import type { Services } from '../services.js';
import { FlowerRequest, flowerError, flowerJson } from './flower-request.js';
import { flowerTask } from './flower-task.js';
import { listFlowerTasks } from './list-tasks.js';
import { applyTask, sendTask, taskResult } from './send-task.js';
import { actOnce, steerWorker } from './steer-workers.js';

type Handler = (request: FlowerRequest) => Promise<Response>;
interface FlowerPath {
  readonly method: 'GET' | 'POST';
  /** `:target` takes all that follows. */
  readonly path: string;
  readonly role: Role;
  readonly handle: Handler;
}

const whole = (request: FlowerRequest, name: string): number => {
  request.needed(name);
  return request.number(name, true) ?? 0;
};

/** Flower's API: same paths, methods, arguments, keys and status codes, over our tables and our actions. */
export const FLOWER_PATHS: readonly FlowerPath[] = [
  { method: 'GET', path: '/workers', role: 'viewer', handle: workers },
  { method: 'GET', path: '/tasks', role: 'viewer', handle: listFlowerTasks },
  { method: 'GET', path: '/task/types', role: 'viewer', handle: types },
  { method: 'GET', path: '/queues/length', role: 'viewer', handle: queueLengths },
  { method: 'GET', path: '/task/info/:target', role: 'viewer', handle: taskInfo },
  {
    method: 'GET',
    path: '/task/result/:target',
    role: 'viewer',
    handle: async (request) => {
      const known = await taskDetail(request.services.database, request.target);
      if (known !== undefined) new Privacy(request.services, request.who).refuse(known.name);
      return taskResult(request);
    },
  },
  { method: 'POST', path: '/task/apply/:target', role: 'operator', handle: applyTask },
  {
    method: 'POST',
    path: '/task/async-apply/:target',
    role: 'operator',
    handle: (request) => sendTask(request, true),
  },
  {
    method: 'POST',
    path: '/task/send-task/:target',
    role: 'operator',
    handle: (request) => sendTask(request, false),
  },
  {
    method: 'POST',
    path: '/task/abort/:target',
    role: 'operator',
    handle: async (request) => {
      const { app } = request.services;
      if (app === undefined || (await app.backend()) === undefined)
        throw flowerError(503, 'no result backend');
      await actOnce(request, 'task.revoke', request.target, {});
      return flowerJson({ message: `Aborted '${request.target}'` });
    },
  },
  {
    method: 'POST',
    path: '/task/revoke/:target',
    role: 'operator',
    handle: async (request) => {
      const { target } = request;
      const signal = request.text('signal') ?? 'SIGTERM';
      if (request.flag('terminate'))
        await actOnce(request, 'task.terminate', target, { signal, confirm: target });
      else await actOnce(request, 'task.revoke', target, {});
      return flowerJson({ message: `Revoked '${target}'` });
    },
  },
  {
    method: 'POST',
    path: '/task/timeout/:target',
    role: 'operator',
    handle: (request) => {
      const worker = request.needed('workername');
      const limits = { soft: request.number('soft') ?? null, hard: request.number('hard') ?? null };
      return steerTask(request, worker, 'worker.time-limit', limits, 'Failed to set timeouts');
    },
  },
  {
    method: 'POST',
    path: '/task/rate-limit/:target',
    role: 'operator',
    handle: (request) => {
      const worker = request.needed('workername');
      const limit = { rate: request.needed('ratelimit') };
      return steerTask(request, worker, 'worker.rate-limit', limit, 'Failed to set rate limit');
    },
  },
  {
    method: 'POST',
    path: '/worker/shutdown/:target',
    role: 'admin',
    handle: (request) =>
      steerWorker(request, 'worker.shutdown', {}, { failed: 'Failed to shut down', done: 'Shutting down!' }),
  },
  {
    method: 'POST',
    path: '/worker/pool/restart/:target',
    role: 'admin',
    handle: (request) => {
      const { target } = request;
      const done = `Restarting '${target}' worker's pool`;
      return steerWorker(
        request,
        'worker.pool',
        { restart: true },
        { done, failed: `Failed to restart the '${target}' pool` },
      );
    },
  },
  {
    method: 'POST',
    path: '/worker/pool/grow/:target',
    role: 'admin',
    handle: (request) => resize(request, 'grow'),
  },
  {
    method: 'POST',
    path: '/worker/pool/shrink/:target',
    role: 'admin',
    handle: (request) => resize(request, 'shrink'),
  },
  {
    method: 'POST',
    path: '/worker/pool/autoscale/:target',
    role: 'admin',
    handle: (request) => {
      const { target } = request;
      const [min, max] = [whole(request, 'min'), whole(request, 'max')];
      const done = `Autoscaling '${target}' worker (min=${min}, max=${max})`;
      return steerWorker(
        request,
        'worker.pool',
        { autoscale: { min, max } },
        { done, failed: `Failed to autoscale '${target}' worker` },
      );
    },
  },
  {
    method: 'POST',
    path: '/worker/queue/add-consumer/:target',
    role: 'operator',
    handle: (request) => {
      const queue = request.needed('queue');
      const failed = `Failed to add '${queue}' consumer to '${request.target}' worker`;
      return steerWorker(request, 'worker.consumer', { add: queue }, { failed });
    },
  },
  {
    method: 'POST',
    path: '/worker/queue/cancel-consumer/:target',
    role: 'operator',
    handle: (request) => {
      const queue = request.needed('queue');
      const failed = `Failed to cancel '${queue}' consumer from '${request.target}' worker`;
      return steerWorker(request, 'worker.consumer', { cancel: queue }, { failed });
    },
  },
];

export function addFlowerPaths(app: Hono<Environment>, services: Services): void {
  for (const { method, path, role, handle } of FLOWER_PATHS) {
    app.on(method, `/api${path.replace(':target', ':target{.+}')}`, async (c) =>
      handle(await FlowerRequest.read(services, c, role)),
    );
  }
}

async function workers(request: FlowerRequest): Promise<Response> {
  const { inspector, database } = request.services;
  const name = request.text('workername');
  const refresh = request.flag('refresh');
  if (request.flag('status')) {
    const known = await listWorkers(database);
    return flowerJson(
      Object.fromEntries(known.map((one) => [one.name, one.status === 'up' || one.status === 'draining'])),
    );
  }
  if (name === undefined) return flowerJson(await inspector.workers(refresh));
  if (refresh) await inspector.inspect(name);
  if (!(await inspector.knows(name))) throw flowerError(404, `Unknown worker '${name}'`);
  return flowerJson({ [name]: (await inspector.workers())[name] });
}

async function types({ services: { database } }: FlowerRequest): Promise<Response> {
  const rows = await database.query<{ name: string }>({ name: 'workertoolbox-flower-types', text: TYPES });
  return flowerJson({ 'task-types': rows.map(({ name }) => name) });
}

/** Each next name by one look into an index, however many tasks there are of the one before. */
const TYPES = `WITH RECURSIVE names AS (
  (SELECT min(type) AS name FROM tasks_backgroundtask)
  UNION ALL
  SELECT (SELECT min(type) FROM tasks_backgroundtask WHERE type > names.name) FROM names WHERE names.name IS NOT NULL)
SELECT name FROM names WHERE name IS NOT NULL LIMIT 1000`;

async function queueLengths({ services: { database } }: FlowerRequest): Promise<Response> {
  const queues = await listQueues(database);
  return flowerJson({ active_queues: queues.map(({ name, depth }) => ({ name, messages: depth ?? 0 })) });
}

async function taskInfo(request: FlowerRequest): Promise<Response> {
  const found = await taskDetail(request.services.database, request.target);
  if (found === undefined) throw flowerError(404, `Unknown task '${request.target}'`);
  return flowerJson(flowerTask(new Privacy(request.services, request.who).detail(found)));
}

function steerTask(
  request: FlowerRequest,
  worker: string,
  action: 'worker.time-limit' | 'worker.rate-limit',
  parameters: object,
  failed: string,
): Promise<Response> {
  const task = request.target;
  if (request.services.app?.tasks.get(task) === undefined) throw flowerError(404, `Unknown task '${task}'`);
  return steerWorker(request, action, { task, ...parameters }, { worker, failed });
}

function resize(request: FlowerRequest, how: 'grow' | 'shrink'): Promise<Response> {
  const { target } = request;
  const n = request.number('n', true) ?? 1;
  const done = `${how === 'grow' ? 'Growing' : 'Shrinking'} '${target}' worker's pool by ${n}`;
  return steerWorker(
    request,
    'worker.pool',
    { [how]: n },
    { done, failed: `Failed to ${how} '${target}' worker's pool` },
  );
}
