import assert from 'node:assert/strict';
import { event, Heard } from './buses-bench.js';
import type { BusCase } from './buses-case.js';

type Batch = readonly unknown[];
const typesOf = (heard: Heard<Batch>): unknown[] =>
  heard.items.flat().map((one) => (one as { readonly type: string }).type);

export const busEventCases: readonly BusCase[] = [
  {
    name: 'every monitor hears every event, alone or in company',
    async run(bench) {
      const [one, two, sender] = [await bench.bus(), await bench.bus(), await bench.bus()];
      const [first, second] = [new Heard<Batch>(), new Heard<Batch>()];
      await one.subscribe('#', first.add);
      await two.subscribe('#', second.add);
      const alone = event('worker-online', { loadavg: [0.5, 0, 1] });
      const company = [event('task-received', { uuid: 'a' }), event('task-started', { uuid: 'a' })];
      await sender.publish({ routingKey: 'worker.online', hostname: 'w1@here', events: alone });
      await sender.publish({ routingKey: 'task.multi', hostname: 'w1@here', events: company });
      for (const heard of [first, second]) {
        await heard.first((batch) => batch.length === 2);
        assert.deepEqual(heard.items, [[alone], company]);
      }
    },
  },
  {
    name: 'a monitor hears only what matches its pattern',
    async run(bench) {
      const [monitor, sender] = [await bench.bus(), await bench.bus()];
      const heard = new Heard<Batch>();
      await monitor.subscribe('worker.#', heard.add);
      await sender.publish({ routingKey: 'task.multi', hostname: 'w1@here', events: [event('task-sent')] });
      await sender.publish({
        routingKey: 'worker.online',
        hostname: 'w1@here',
        events: event('worker-online'),
      });
      await heard.first(() => true);
      assert.deepEqual(typesOf(heard), ['worker-online']);
    },
  },
  {
    name: 'an event that nobody hears is no error',
    async run(bench) {
      const bus = await bench.bus();
      await bus.publish({ routingKey: 'worker.online', hostname: 'w1@here', events: event('worker-online') });
    },
  },
  {
    name: 'a monitor that has closed hears nothing more',
    async run(bench) {
      const [one, two] = [await bench.bus(), await bench.bus()];
      const [closed, open] = [new Heard<Batch>(), new Heard<Batch>()];
      const subscription = await one.subscribe('#', closed.add);
      await two.subscribe('#', open.add);
      await subscription.close();
      await two.publish({ routingKey: 'worker.online', hostname: 'w1@here', events: event('worker-online') });
      await open.first(() => true);
      assert.deepEqual(closed.items, []);
    },
  },
];
