import { z } from 'zod';

const positive = z.number().positive();

/** What of botocore's `Config` has its like in the SDK of Node. Times in seconds. */
export const clientConfig = z.strictObject({
  /** For opening a connection. Default 5. */
  connect_timeout: positive.default(5),
  /** For an answer, the wait of a long poll not counted. Default 10; 5 for a long poll. */
  read_timeout: positive.optional(),
  /** Connections at a time. Default 200. */
  max_pool_connections: z.number().int().positive().default(200),
  /** `total_max_attempts` counts the first attempt, `max_attempts` does not. Default 3 in all. */
  retries: z
    .strictObject({
      max_attempts: z.number().int().min(0).optional(),
      total_max_attempts: z.number().int().min(1).optional(),
      mode: z.enum(['legacy', 'standard', 'adaptive']).default('standard'),
    })
    .prefault({}),
  /** Added to the user agent. */
  user_agent_extra: z.string().optional(),
});

export type ClientConfig = z.output<typeof clientConfig>;

/** Attempts of one call in all. */
export const attemptsOf = ({ retries: { max_attempts, total_max_attempts } }: ClientConfig): number =>
  total_max_attempts ?? (max_attempts === undefined ? 3 : max_attempts + 1);
