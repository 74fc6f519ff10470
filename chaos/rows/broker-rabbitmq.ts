import {
  flaps,
  halfOpen,
  type Outcome,
  resetsDuringPublish,
} from '../../test/support/amqp-faults/connections.js';
import { CONSUMER_TIMEOUT, consumerTimeout } from '../../test/support/amqp-faults/consumer-timeout.js';
import { memoryAlarm, restarts } from '../../test/support/amqp-faults/nodes.js';
import { type OwnRabbitmq, type OwnRabbitmqOptions, startRabbitmq } from '../../test/support/own-rabbitmq.js';
import { atMost, type ChaosRow, type Figure, none, type RowContext, rowsOn, within } from '../harness/row.js';

const row = rowsOn('rabbitmq');

/** On a virtual host of the shared node. */
const onVhost =
  (measure: (url: string, context: RowContext) => Promise<readonly Figure[]>) =>
  async (context: RowContext): Promise<readonly Figure[]> => {
    const place = await context.servers.broker('rabbitmq');
    try {
      return await measure(place.url, context);
    } finally {
      await place.remove();
    }
  };

/** On a node of its own. */
const onNode =
  (
    options: OwnRabbitmqOptions,
    measure: (node: OwnRabbitmq, context: RowContext) => Promise<readonly Figure[]>,
  ) =>
  async (context: RowContext): Promise<readonly Figure[]> => {
    const node = await startRabbitmq(options);
    try {
      return await measure(node, context);
    } finally {
      await node.remove();
    }
  };

const kept = ({ lost, refused }: Pick<Outcome, 'lost' | 'refused'>): readonly Figure[] => [
  none('accepted and lost', lost),
  none('refused', refused),
];

const restarted = onNode({}, async (node, { count }) => {
  const { recoveredMs, ...found } = await restarts(node, { times: count(2, 200), messages: 20 });
  return [...kept(found), within('slowest recovery in seconds', Math.max(...recoveredMs) / 1000, 5)];
});

const flapped = onVhost(async (url) => {
  const found = await flaps(url, { times: 50, everyMs: 100 });
  return [...kept(found), within('recovery in seconds', found.recoveredMs / 1000, 5)];
});

const stuck = onVhost(async (url) => {
  // The default of 8 seconds: three intervals where only the broker can notice.
  const found = await halfOpen(url, 'both', { messages: 20, heartbeat: 8 });
  // A publish that nobody confirmed in ten seconds is refused to its caller: never accepted and then lost.
  return [none('accepted and lost', found.lost), within('seconds until noticed', found.noticedMs / 1000, 25)];
});

const reset = onVhost(async (url, { count }) => {
  const sizes = { publishes: count(1_000, 5_000), resets: count(8, 50), seed: 7 };
  const found = await resetsDuringPublish(url, sizes);
  return [...kept(found), none('accepted fewer', sizes.publishes - found.accepted)];
});

const overdue = onNode({ advanced: CONSUMER_TIMEOUT(3_000) }, async (node, { count }) => {
  const tasks = count(2, 20);
  const found = await consumerTimeout(node, { tasks, runMs: count(7_000, 30_000) });
  return [
    // A run that ends just between losing its channel and the redelivery cannot be acknowledged: it comes again.
    atMost('extra runs', found.runs - tasks, found.interruptions),
    none('runs of one task beside each other', found.mostAtOnce - 1),
    none('messages left', found.left),
    none('workers that ended', found.state === 'running' ? 0 : 1),
  ];
});

const blocked = onNode({}, async (node, { count }) => {
  const found = await memoryAlarm(node, { messages: count(20, 1_000) });
  return [
    none('accepted and lost', found.lost),
    none('accepted while the broker takes nothing', found.acceptedMeanwhile),
    within('recovery in seconds', found.recoveredMs / 1000, 5),
  ];
});

/** What RabbitMQ does to us. */
export const rabbitmqRows: readonly ChaosRow[] = [
  row('F31', 'the broker is killed and started again', restarted),
  row('F32', 'every connection is reset again and again', flapped),
  row('F33', 'the connections stay open and nothing passes', stuck),
  row('F34', 'connections are reset while messages are published', reset),
  row('F38', 'a task runs longer than the broker waits', overdue),
  row('F45', 'the broker has no memory left', blocked),
];
