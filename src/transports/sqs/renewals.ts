import { silentLogger, systemClock } from '../../base/index.js';
import type { CreateRenewals } from '../virtual/index.js';
import { openSqsStore, type RenewalsData } from './open-sqs-store.js';

/** Renewals with clients and credentials of their own, for a thread that keeps leases. */
export const createRenewals: CreateRenewals = async (data) => {
  const { url, options } = data as RenewalsData;
  const store = await openSqsStore({ url, options, clock: systemClock, logger: silentLogger });
  return { renew: (queue, changes) => store.extend(queue, changes) };
};
