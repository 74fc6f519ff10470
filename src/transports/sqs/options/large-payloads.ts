import { z } from 'zod';

const common = {
  /** Messages of more bytes are kept outside. Default: those that the queue itself would refuse. */
  threshold: z.number().int().min(0).optional(),
};

const bucket = z.strictObject({
  ...common,
  /** The S3 bucket. The transport's credentials must allow to put, get and delete objects in it. */
  bucket: z.string().min(3),
  /** Put before every key. Default none. */
  prefix: z.string().default(''),
  /** Region of the bucket. Default: the transport's. */
  region: z.string().min(1).optional(),
  /** An S3-compatible service instead of AWS's own. */
  endpoint_url: z.url().optional(),
});

const folder = z.strictObject({
  ...common,
  /** A folder that every producer and worker sees under this path. */
  folder: z.string().min(1),
});

/** Where messages are kept that are too large for their queue. */
export const largePayloads = z.union([bucket, folder], {
  error: 'expected { bucket, prefix?, region?, endpoint_url?, threshold? } or { folder, threshold? }',
});

export type LargePayloads = z.output<typeof largePayloads>;
export type BucketOptions = z.output<typeof bucket>;
