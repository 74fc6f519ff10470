import type { StoreTraits } from '../virtual/index.js';
import { MAX_DELAY_S } from './message-entry.js';
import type { SqsOptions } from './options/sqs-options.js';

/** Longest a message can be held in all, and the longest single hold. */
export const MAX_LEASE_S = 43_200;

export const traitsOf = ({ ack_window, publish_timeout }: SqsOptions): StoreTraits => ({
  maxBatch: 10,
  leased: true,
  leaseCeilingSeconds: MAX_LEASE_S,
  maxDelaySeconds: MAX_DELAY_S,
  maxParkSeconds: MAX_LEASE_S,
  maxHeld: 1000,
  shortWaitSeconds: 1,
  sendWindowMs: 0,
  ackWindowMs: ack_window * 1000,
  publishDeadlineMs: publish_timeout * 1000,
  besideEnvelope: ['message_attributes'],
});
