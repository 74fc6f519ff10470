import type { BenchCase } from '../harness/bench-case.js';
import { postgresCases } from './postgres.js';
import { rabbitmqCases } from './rabbitmq.js';

/** Every case, in the order of one round. */
export const CASES: readonly BenchCase[] = [...rabbitmqCases, ...postgresCases];
