import type { BusFactory } from '../bus.js';
import { PostgresBus } from './postgres-bus.js';

export { grantBusSql } from './grants.js';

/** For the URLs of PostgreSQL that `result_backend` takes. */
export const createPostgresBus: BusFactory = async (context) => {
  const bus = new PostgresBus(context);
  try {
    await bus.connect();
    return bus;
  } catch (error) {
    await bus.close();
    throw error;
  }
};
