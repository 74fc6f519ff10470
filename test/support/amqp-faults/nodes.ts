import { performance } from 'node:perf_hooks';
import { directQueue } from '../../../src/messaging/index.js';
import type { OwnRabbitmq } from '../own-rabbitmq.js';
import { Traffic } from './traffic.js';

/** Scenarios of the fault matrix at a node of one's own. Each takes counts, small in tests and large in long runs. */

/** F31: the node is killed and started again; milliseconds from its port's answer until a message goes through. */
export async function restarts(
  node: OwnRabbitmq,
  { times, messages }: { readonly times: number; readonly messages: number },
): Promise<{ readonly recoveredMs: readonly number[]; readonly lost: number; readonly refused: number }> {
  const traffic = await Traffic.start({ producer: node.url, consumer: node.url }, directQueue('restarts'), {
    confirm_timeout: 60,
  });
  const recoveredMs: number[] = [];
  try {
    for (let n = 0; n < times; n += 1) {
      const publishing = traffic.publish(messages);
      await node.kill();
      await node.start();
      const answered = performance.now();
      await traffic.publishOne();
      await traffic.drained();
      recoveredMs.push(performance.now() - answered);
      await publishing;
    }
    await traffic.drained();
    return { recoveredMs, lost: traffic.lost, refused: traffic.refused.length };
  } finally {
    await traffic.close();
  }
}

const ALARM = '{{resource_limit, memory, node()}, []}';

/** F45: an alarm stops all publishing; consumers go on. What was refused was not accepted later; all goes on when it ends. */
export async function memoryAlarm(
  node: OwnRabbitmq,
  { messages }: { readonly messages: number },
): Promise<{
  readonly errors: readonly unknown[];
  readonly lost: number;
  readonly acceptedMeanwhile: number;
  readonly recoveredMs: number;
}> {
  const traffic = await Traffic.start({ producer: node.url, consumer: node.url }, directQueue('alarm'), {
    confirm_timeout: 2,
  });
  try {
    await traffic.publish(messages);
    await node.ctl('eval', `rabbit_alarm:set_alarm(${ALARM}).`);
    // The broker tells of its alarm when somebody publishes.
    await traffic.publish(messages);
    const acceptedMeanwhile = traffic.accepted.size - messages;
    const errors = [...traffic.refused];
    await node.ctl('eval', `rabbit_alarm:clear_alarm({resource_limit, memory, node()}).`);
    const cleared = performance.now();
    await traffic.publish(messages);
    const recoveredMs = performance.now() - cleared;
    await traffic.drained();
    return { errors, lost: traffic.lost, acceptedMeanwhile, recoveredMs };
  } finally {
    await traffic.close();
  }
}

/** Two nodes in a list, the first of which is killed: milliseconds until a message goes through the other. */
export async function failover(
  first: OwnRabbitmq,
  second: OwnRabbitmq,
): Promise<{ readonly beforeMs: number; readonly afterMs: number; readonly lost: number }> {
  const url = `${first.url};${second.url}`;
  const traffic = await Traffic.start({ producer: url, consumer: url }, directQueue('failover'));
  try {
    const from = performance.now();
    await traffic.publish(10);
    await traffic.drained();
    const killed = performance.now();
    await first.kill();
    await traffic.publish(10);
    await traffic.drained();
    return { beforeMs: killed - from, afterMs: performance.now() - killed, lost: traffic.lost };
  } finally {
    await traffic.close();
  }
}
