import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Celery } from '../../src/toolbox/index.js';
import { eventually, pause } from './traffic.js';

/** What came of tasks that blocked the event loop of their worker. */
export interface BlockedCounts {
  readonly tasks: number;
  /** Starts in both workers: more than tasks when a message was given to another. */
  readonly starts: number;
  /** Messages of the blocked worker that its neighbour got. */
  readonly taken: number;
  /** Warnings that named the task. */
  readonly warnings: number;
  readonly worstLagSeconds: number;
  /** Times that consuming was interrupted. */
  readonly interruptions: number;
}

/** Told by the worker process in blocked-loop-worker.ts. */
export type Told =
  | { readonly kind: 'started'; readonly task: number; readonly pid: number }
  | { readonly kind: 'ended'; readonly task: number; readonly pid: number }
  | { readonly kind: 'ready' }
  | { readonly kind: 'interrupted'; readonly why: unknown }
  | { readonly kind: 'warned'; readonly lag: number; readonly tasks: readonly string[] };

export interface BlockedOptions {
  readonly blockedMs: number;
  readonly tasks?: number;
  /** Tasks that are sent when the loop is blocked, to a worker that has asked for more. */
  readonly meanwhile?: number;
}

/**
 * One worker takes all the tasks, of which the first blocks its event loop; then a neighbour comes, which has time for all
 * that the broker would give it.
 */
export async function blockedLoop(
  settings: Readonly<Record<string, unknown>>,
  { blockedMs, tasks: first = 8, meanwhile = 0 }: BlockedOptions,
): Promise<BlockedCounts> {
  const told: Told[] = [];
  const start = async (prefetch: number): Promise<ReturnType<typeof fork>> => {
    const script = fileURLToPath(new URL('./blocked-loop-worker.ts', import.meta.url));
    const child = fork(script, [JSON.stringify(settings), String(prefetch)], {
      execArgv: ['--import', 'tsx'],
    });
    child.on('message', (message) => void told.push(message as Told));
    let here = false;
    // A task may block it before it can say that it is ready.
    child.once('message', () => {
      here = true;
    });
    await eventually(() => here, 60_000);
    return child;
  };
  const app = new Celery('producer', { settings: { ...settings, task_ignore_result: true } });
  const tasks = first + meanwhile;
  const send = async (from: number, to: number): Promise<void> => {
    for (let task = from; task < to; task += 1) {
      const args = task === 0 ? [task, blockedMs, first - 1] : [task, 0, 0];
      await app.send({ task: 'chaos.block', args, kwargs: {}, options: {} });
    }
  };
  await send(0, first);
  const blocked = await start(tasks);
  await eventually(() => told.some(({ kind }) => kind === 'started'));
  await send(first, tasks);
  const neighbour = await start(1);
  const ended = (): number => new Set(told.flatMap((one) => (one.kind === 'ended' ? [one.task] : []))).size;
  await eventually(() => ended() === tasks, blockedMs + 60_000);
  // Whatever was given to somebody else as well would have begun there by now, or does in a moment.
  await pause(3000);
  const starts = told.flatMap((one) => (one.kind === 'started' ? [one] : []));
  const warnings = told.flatMap((one) => (one.kind === 'warned' ? [one] : []));
  await Promise.all([blocked, neighbour].map((child) => (child.kill('SIGKILL'), once(child, 'exit'))));
  await app.close();
  return {
    tasks,
    starts: starts.length,
    taken: starts.filter(({ pid }) => pid === neighbour.pid).length,
    warnings: warnings.filter(({ tasks: names }) => names.includes('chaos.block')).length,
    interruptions: told.filter(({ kind }) => kind === 'interrupted').length,
    worstLagSeconds: Math.max(0, ...warnings.map(({ lag }) => lag)) / 1000,
  };
}
