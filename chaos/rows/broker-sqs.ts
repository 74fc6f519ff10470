import {
  credentialsRevoked,
  faultyService,
  halfOpen,
  queueDeleted,
  throttled,
} from '../../test/chaos/sqs-faults.js';
import type { TrafficCounts } from '../../test/chaos/traffic.js';
import {
  atLeast,
  type ChaosRow,
  type Figure,
  none,
  type RowContext,
  rowsOn,
  within,
} from '../harness/row.js';

const row = rowsOn('sqs');

const kept = ({ lost }: TrafficCounts): Figure => none('accepted and lost', lost);

async function standingStill(): Promise<readonly Figure[]> {
  const { detectedMs, delivered } = await halfOpen();
  return [
    within('seconds until it was noticed', detectedMs / 1000, 30),
    atLeast('deliveries afterwards', Number(delivered), 1),
  ];
}

async function missingQueue({ count }: RowContext): Promise<readonly Figure[]> {
  const counts = await queueDeleted({ forMs: count(3_000, 30_000) });
  return [
    kept(counts),
    { ...atLeast('throughput that other queues kept', counts.othersKept, 0.95), timed: true },
    within('seconds until it went on', counts.recoveryMs / 1000, 10),
  ];
}

/** Once with keys that are refused, once with rights that are missing. */
async function revoked({ count }: RowContext): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const kind of ['refuseLogin', 'deny'] as const) {
    const counts = await credentialsRevoked({ forMs: count(3_000, 60_000), kind });
    figures.push(kept(counts), within(`seconds until it went on (${kind})`, counts.recoveryMs / 1000, 60));
  }
  return figures;
}

async function slowedDown({ count }: RowContext): Promise<readonly Figure[]> {
  const counts = await throttled({ forMs: count(3_000, 300_000), share: 0.3 });
  const { callsPerSecondBefore, callsPerSecondThrottled } = counts;
  return [
    kept(counts),
    within('share of the earlier calls', callsPerSecondThrottled / Math.max(1, callsPerSecondBefore), 0.5),
  ];
}

/** Extra deliveries are expected where the service makes them, and nowhere else. */
const faulty =
  (faults: Parameters<typeof faultyService>[0], once: boolean) =>
  async ({ count }: RowContext): Promise<readonly Figure[]> => {
    const counts = await faultyService(faults, { forMs: count(3_000, 60_000) });
    return [kept(counts), ...(once ? [none('delivered again', counts.repeated)] : [])];
  };

/** What SQS does to us. */
export const sqsRows: readonly ChaosRow[] = [
  row('F33', 'the connections stay open and nothing passes', standingStill),
  row('F35', 'every fifth message is delivered twice', faulty({ duplicate: 0.2 }, false)),
  row('F36', 'messages come in any order', faulty({ shuffle: 0.5 }, true)),
  row('F40', 'a queue is deleted under load and made anew', missingQueue),
  row('F42', 'credentials are revoked and given back', revoked),
  row('F43', 'three calls of ten are throttled', slowedDown),
  row('F44', 'entries of batches are refused', faulty({ failBatchEntries: 0.1 }, true)),
];
