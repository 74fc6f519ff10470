import { blockedLoop } from '../../test/chaos/blocked-loop.js';
import { atLeast, type ChaosRow, type Figure, none, type RowContext, TRANSPORTS } from '../harness/row.js';

/** Longer than a lease of the broker, and than two heartbeats. */
async function blocked({ servers, transport, count }: RowContext): Promise<readonly Figure[]> {
  const place = await servers.broker(transport);
  const leases = transport === 'rabbitmq' ? {} : { visibility_timeout: 10 };
  try {
    const { tasks, starts, interruptions, warnings } = await blockedLoop(
      {
        broker_url: place.url,
        broker_heartbeat: 5,
        broker_transport_options: { ...place.options, ...leases },
      },
      { blockedMs: count(16_000, 30_000), meanwhile: count(4, 20) },
    );
    return [
      none('extra runs', starts - tasks),
      none('interruptions of consuming', interruptions),
      atLeast('warnings that name the task', warnings, 1),
    ];
  } finally {
    await place.remove();
  }
}

/** A task that computes without end in sight, on the loop that everything else of the worker needs. */
export const blockedLoopRows: readonly ChaosRow[] = [
  { id: 'F10', title: 'a task blocks the event loop', on: TRANSPORTS, run: blocked },
];
