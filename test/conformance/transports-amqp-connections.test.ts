import { expect, it } from 'vitest';
import { flaps, halfOpen, resetsDuringPublish } from '../support/amqp-faults/connections.js';
import { describeRabbitmq } from '../support/rabbitmq.js';

describeRabbitmq('RabbitMQ behind a bad line', (vhost) => {
  it('F32: is back within 5 s after 50 flaps of 100 ms, with everything it accepted', async () => {
    const { lost, refused, recoveredMs } = await flaps(vhost().url, { times: 50, everyMs: 100 });
    expect({ lost, refused }).toEqual({ lost: 0, refused: 0 });
    expect(recoveredMs).toBeLessThan(5_000);
  }, 40_000);

  it.concurrent.each(['both', 'to-server', 'to-client'] as const)(
    'F33: notices a half-open connection in time and loses nothing (%s)',
    async (direction) => {
      const found = await halfOpen(vhost().url, direction, { messages: 20, heartbeat: 2 });
      expect(found).toMatchObject({ lost: 0, refused: 0, accepted: 21 });
      // Three intervals where only the broker can notice: with the default of 8 seconds, 24.
      expect(found.noticedMs).toBeLessThan(6_500);
    },
    40_000,
  );

  it('F34: keeps what it accepted while connections are reset in the midst of publishing', async () => {
    const { accepted, lost, refused, duplicates, resets } = await resetsDuringPublish(vhost().url, {
      publishes: 2_000,
      resets: 12,
      seed: 7,
    });
    expect({ accepted, lost, refused }).toEqual({ accepted: 2_000, lost: 0, refused: 0 });
    expect(resets).toBeGreaterThan(5);
    // At most what was in flight on the broken line came twice.
    expect(duplicates).toBeLessThanOrEqual(resets * 200);
  }, 40_000);
});
