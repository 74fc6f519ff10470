import { expect, it } from 'vitest';
import {
  credentialsRevoked,
  faultyService,
  halfOpen,
  queueDeleted,
  throttled,
} from '../../../chaos/sqs-faults.js';

const FOR_MS = 3000;
let firstAt = 0;
const forATime = ({ action }: { readonly action: string }): boolean => {
  if (action !== 'ReceiveMessage') return false;
  firstAt ||= performance.now();
  return performance.now() - firstAt < 1500;
};
const print = (figure: string, counts: object): void => console.info(JSON.stringify({ figure, ...counts }));

it('calls less than half as often while throttled, and loses nothing', { timeout: 120_000 }, async () => {
  const counts = await throttled({ forMs: FOR_MS, share: 0.3 });
  print('SQS throttled', counts);
  expect(counts.accepted).toBeGreaterThan(0);
  expect(counts.lost).toBe(0);
  expect(counts.callsPerSecondThrottled).toBeLessThanOrEqual(counts.callsPerSecondBefore / 2);
});

it.each([
  ['refuses entries of batches', { failBatchEntries: 0.1 }, 0],
  ['delivers every fifth message twice', { duplicate: 0.2 }, Number.POSITIVE_INFINITY],
  ['delivers in any order', { shuffle: 0.5 }, 0],
  ['has too many messages in flight for a time', { overLimit: forATime }, 0],
] as const)('loses nothing while the service %s', { timeout: 60_000 }, async (what, faults, repeats) => {
  const counts = await faultyService(faults, { forMs: FOR_MS });
  print(`SQS ${what}`, counts);
  expect(counts.accepted).toBeGreaterThan(0);
  expect([counts.lost, counts.refused]).toEqual([0, 0]);
  expect(counts.repeated).toBeLessThanOrEqual(repeats);
});

it.each(['refuseLogin', 'deny'] as const)(
  'goes on by itself when credentials are good again (%s)',
  { timeout: 120_000 },
  async (kind) => {
    const counts = await credentialsRevoked({ forMs: FOR_MS, kind });
    print(`SQS credentials revoked (${kind})`, counts);
    expect(counts.lost).toBe(0);
    expect(counts.refused).toBeGreaterThan(0);
    expect(counts.recoveryMs).toBeLessThan(10_000);
  },
);

it('leaves other queues alone when one is deleted, and goes on with it when it is back', {
  timeout: 60_000,
}, async () => {
  const counts = await queueDeleted({ forMs: FOR_MS });
  print('SQS queue deleted', counts);
  expect(counts.lost).toBe(0);
  expect(counts.othersKept).toBeGreaterThan(0.5);
  expect(counts.recoveryMs).toBeLessThan(10_000);
});

it('notices a line that stands still', { timeout: 90_000 }, async () => {
  const counts = await halfOpen();
  print('SQS half-open', counts);
  expect(counts.detectedMs).toBeLessThan(30_000);
  expect(counts.delivered).toBe(true);
});
