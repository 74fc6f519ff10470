import { performance } from 'node:perf_hooks';
import { directQueue, type Queue } from '../../../src/messaging/index.js';
import { createAmqpTransport } from '../../../src/transports/amqp/index.js';
import { amqpContext, type Vhost } from '../rabbitmq.js';
import { messageOf, Traffic } from './traffic.js';

/** Scenarios of the fault matrix at queues and rights. */

/** F40: one of two queues under load is deleted; throughput of the other, and milliseconds until the first is served again. */
export async function queueDeleted(
  url: string,
  { messages }: { readonly messages: number },
): Promise<{ readonly throughput: number; readonly recoveredMs: number; readonly lost: number }> {
  const [gone, stays] = [directQueue('f40-gone'), directQueue('f40-stays')];
  const client = await createAmqpTransport(amqpContext(url));
  const admin = await createAmqpTransport(amqpContext(url));
  let served = 0;
  let changed = (): void => {};
  let back = (_at: number): void => {};
  const returned = new Promise<number>((resolve) => {
    back = resolve;
  });
  try {
    await client.consume({
      queues: [gone, stays],
      prefetch: 50,
      onDelivery: (delivery) => {
        if (delivery.headers.id === 'back') back(performance.now());
        if (delivery.info.queue === stays.name) served += 1;
        void delivery.ack().then(() => changed());
      },
    });
    const burst = async (): Promise<number> => {
      const from = performance.now();
      const wanted = served + messages;
      for (let n = 0; n < messages; n += 1) {
        void admin.publish(messageOf(`s${n}`), { exchange: '', routingKey: stays.name });
      }
      while (served < wanted) {
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
      return messages / (performance.now() - from);
    };
    await burst();
    const before = await burst();
    const deleting = admin.deleteQueue(gone.name);
    const during = await burst();
    await deleting;
    const recreated = performance.now();
    await admin.declare([gone]);
    await admin.publish(messageOf('back'), { exchange: '', routingKey: gone.name });
    const recoveredMs = (await returned) - recreated;
    const lost = (await admin.size(stays.name)) + (await admin.size(gone.name));
    return { throughput: during / before, recoveredMs, lost };
  } finally {
    await Promise.all([client.close(), admin.close()]);
  }
}

/** F42: a user loses all rights under load and gets them back; milliseconds from then until a message goes through. */
export async function rightsCleared(
  vhost: Vhost,
  { messages }: { readonly messages: number },
): Promise<{ readonly lost: number; readonly refused: readonly unknown[]; readonly recoveredMs: number }> {
  const user = `f42-${vhost.name}`;
  const grant = (all: string) =>
    vhost.api('PUT', `/api/permissions/${vhost.name}/${user}`, { configure: all, write: all, read: all });
  await vhost.api('PUT', `/api/users/${user}`, { password: 'pw', tags: '' });
  await grant('.*');
  const url = vhost.urlFor({ user, password: 'pw' });
  const queue: Queue = directQueue('f42');
  const traffic = await Traffic.start({ producer: url, consumer: url }, queue);
  try {
    await traffic.publish(messages);
    await vhost.api('DELETE', `/api/permissions/${vhost.name}/${user}`);
    // A channel remembers what it was allowed: rights are asked for anew on the next.
    while ((await vhost.closeConnections('publish', 'consume')) < 2) {
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    const meanwhile = traffic.publish(messages);
    await traffic.interrupted();
    await grant('.*');
    const granted = performance.now();
    await meanwhile;
    await traffic.publishOne();
    await traffic.drained();
    return { lost: traffic.lost, refused: traffic.refused, recoveredMs: performance.now() - granted };
  } finally {
    await traffic.close();
    await vhost.api('DELETE', `/api/users/${user}`);
  }
}
