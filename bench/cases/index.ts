import type { BenchCase } from '../harness/bench-case.js';
import { ledgerCases } from './ledger.js';
import { poolCases } from './pools.js';
import { postgresCases } from './postgres.js';
import { rabbitmqCases } from './rabbitmq.js';
import { redisCases } from './redis.js';
import { redisResultCases } from './redis-results.js';
import { sqsCases } from './sqs.js';
import { waitingCases } from './waiting.js';

/** Every case, in the order of one round. */
export const CASES: readonly BenchCase[] = [
  ...rabbitmqCases,
  ...poolCases,
  ...redisCases,
  ...postgresCases,
  ...redisResultCases,
  ...waitingCases,
  ...sqsCases,
  ...ledgerCases,
];
