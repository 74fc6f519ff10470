/** The thread of a LeaseGuard: renews what its process holds while the event loop does not answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { isGone } from '../failures.js';
import { LeaseTable, processMs, type SharedLeases } from './lease-table.js';
import type { CreateRenewals, Renewals } from './renewals.js';

/** What the thread is started with. */
export interface GuardData {
  readonly shared: SharedLeases;
  /** URL of this module, and where it needs one the package that can load it. */
  readonly guard: string;
  readonly loader: string | undefined;
  readonly module: string;
  readonly data: unknown;
  readonly maxBatch: number;
}

/** A queue that leases are of, by its number in the table. */
export interface GuardedQueue {
  readonly number: number;
  readonly name: string;
  readonly seconds: number;
}

/** Milliseconds between looks. */
const LOOK_MS = 100;

const { shared, module, data, maxBatch } = workerData as GuardData;
const table = new LeaseTable(shared.receiptBytes, shared);
const queues = new Map<number, GuardedQueue & { renewedAt: number }>();
parentPort?.on('message', (queue: GuardedQueue) => queues.set(queue.number, { ...queue, renewedAt: 0 }));
const { createRenewals } = (await import(module)) as { readonly createRenewals: CreateRenewals };
const renewals: Renewals = await createRenewals(data);
look();

function look(): void {
  setTimeout(() => void renewDue().finally(look), LOOK_MS);
}

async function renewDue(): Promise<void> {
  for (const queue of queues.values()) {
    const leaseMs = queue.seconds * 1000;
    // The event loop looks at a twelfth of the lease, and renews at a third: at a quarter of silence nothing has ended yet.
    const due = table.silentMs > leaseMs / 4 && processMs() - queue.renewedAt > leaseMs / 3;
    if (!due) continue;
    const held = [...table.held()].filter((one) => one.queue === queue.number);
    table.renewing = true;
    try {
      for (let at = 0; at < held.length; at += maxBatch) await renew(queue, held.slice(at, at + maxBatch));
      queue.renewedAt = processMs();
    } catch {
      // The broker is away: it is asked again at the next look, while the leases last.
    } finally {
      table.renewing = false;
    }
  }
}

async function renew(
  { name, seconds }: GuardedQueue,
  held: readonly { readonly slot: number; readonly receipt: string }[],
): Promise<void> {
  const at = processMs();
  const changes = held.map(({ receipt }) => ({ receipt, seconds }));
  const outcomes = await renewals.renew(name, changes);
  for (const [index, { slot, receipt }] of held.entries()) {
    const failure = outcomes[index];
    if (!table.holds(slot, receipt)) continue;
    if (failure === undefined) table.setKeptUntil(slot, at + seconds * 1000);
    else if (isGone(failure)) table.setKeptUntil(slot, -1);
  }
}
