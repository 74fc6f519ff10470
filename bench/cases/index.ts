import type { BenchCase } from '../harness/bench-case.js';
import { rabbitmqCases } from './rabbitmq.js';

/** Every case, in the order of one round. */
export const CASES: readonly BenchCase[] = [...rabbitmqCases];
