import assert from 'node:assert/strict';
import { message, to, valueOf } from './transports-bench.js';
import type { TransportCase } from './transports-case.js';

/** Deliveries held under a lease. */
export const leaseCases: readonly TransportCase[] = [
  {
    name: 'the lease of a held message is renewed: nobody else gets it',
    run: async (bench, _suite, skip) => {
      const leaseSeconds = 2;
      const transport = await bench.transport({ visibility_timeout: leaseSeconds });
      if (!transport.capabilities.leased) return skip('the transport has no leases');
      const other = await bench.transport({ visibility_timeout: leaseSeconds });
      const queue = bench.queue('q');
      await transport.declare([queue]);
      await transport.publish(message('held'), to(queue));
      const inbox = await bench.consume(transport, [queue], { prefetch: 1 });
      const held = await inbox.next();
      const others = await bench.consume(other, [queue]);
      // The one wait for time: a lease is time. Three of them pass.
      await new Promise((resolve) => setTimeout(resolve, leaseSeconds * 3000));
      assert.equal(others.seen.length, 0);
      assert.equal(held.lost.aborted, false);
      await held.ack();
      await transport.publish(message('next'), to(queue));
      const next = await Promise.race([inbox.next(), others.next()]);
      assert.equal(valueOf(next), 'next');
      assert.equal(next.info.redelivered, false);
    },
  },
];
