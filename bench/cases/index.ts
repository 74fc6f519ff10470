import type { BenchCase } from '../harness/bench-case.js';
import { postgresCases } from './postgres.js';
import { rabbitmqCases } from './rabbitmq.js';
import { sqsCases } from './sqs.js';

/** Every case, in the order of one round. */
export const CASES: readonly BenchCase[] = [...rabbitmqCases, ...postgresCases, ...sqsCases];
