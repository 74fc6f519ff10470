import { migrationsSql } from '../../src/platform/index.js';
import { type BenchCase, CALLS, type Figures, IDLE_CALLS, type RunContext } from '../harness/bench-case.js';
import { benchCase } from '../harness/measure.js';
import { Program } from '../harness/program.js';
import { node } from './programs.js';
import { TOPIC } from './topic.js';

const BURST = 1_000;
const IDLE_SECONDS = 40;

/** The layout of the architecture, on SQS. */
const settings = (waitSeconds: number): string =>
  JSON.stringify({
    ...TOPIC,
    task_queues: TOPIC.task_queues.map((queue) =>
      queue.tap === true ? { ...queue, name: 'platform.fifo' } : queue,
    ),
    broker_transport_options: { wait_time_seconds: waitSeconds },
  });

type Role = 'produce' | 'worker' | 'trickle' | 'whole' | 'idle' | 'sync';

async function callsOf(
  role: Role,
  url: string,
  count: number,
  waitSeconds: number,
  database = '',
): Promise<number> {
  const program = new Program(node('sqs-ours', role, url, count, settings(waitSeconds), database));
  try {
    return Number(await program.line('calls '));
  } finally {
    await program.stop();
  }
}

/** A burst goes in; then `role` does its part. The parts before it are not counted. */
const burst =
  (role: 'produce' | 'worker' | 'sync') =>
  async ({ servers, count }: RunContext): Promise<Figures> => {
    const url = `sqs://key:secret@127.0.0.1:${(await servers.freshSqs()).port}`;
    const tasks = count(BURST);
    const produced = await callsOf('produce', url, tasks, 1);
    if (role === 'produce') return { [CALLS]: produced / tasks };
    const database = role === 'sync' ? (await servers.freshDatabase(migrationsSql())).url : '';
    return { [CALLS]: (await callsOf(role, url, tasks, 1, database)) / tasks };
  };

const trickle =
  (role: 'trickle' | 'whole') =>
  async ({ servers, count }: RunContext): Promise<Figures> => {
    const url = `sqs://key:secret@127.0.0.1:${(await servers.freshSqs()).port}`;
    const tasks = count(40);
    const database = role === 'whole' ? (await servers.freshDatabase(migrationsSql())).url : '';
    return { [CALLS]: (await callsOf(role, url, tasks, 20, database)) / tasks };
  };

async function idle({ servers, quick }: RunContext): Promise<Figures> {
  const url = `sqs://key:secret@127.0.0.1:${(await servers.freshSqs()).port}`;
  const waitSeconds = quick ? 5 : 20;
  const seconds = quick ? 10 : IDLE_SECONDS;
  const calls = await callsOf('idle', url, seconds, waitSeconds);
  // As if the wait were the full 20 s in the quick form too.
  return { [IDLE_CALLS]: (calls / seconds) * 60 * (waitSeconds / 20) };
}

export const sqsCases: readonly BenchCase[] = [
  benchCase('sqs/produce', 'our producer on SQS, two queues, burst', 'ours', [], burst('produce')),
  benchCase('sqs/worker', 'our worker on SQS, burst', 'ours', [], burst('worker')),
  benchCase('sqs/sync', 'our sync-tasks on SQS, burst', 'ours', ['postgres'], burst('sync')),
  benchCase('sqs/worker-trickle', 'our worker on SQS, 4 tasks/s', 'ours', [], trickle('trickle')),
  benchCase(
    'sqs/whole-trickle',
    'producer, worker and sync-tasks on SQS, 4 tasks/s',
    'ours',
    ['postgres'],
    trickle('whole'),
  ),
  benchCase('sqs/idle', 'our worker on SQS, idle', 'ours', [], idle),
];
