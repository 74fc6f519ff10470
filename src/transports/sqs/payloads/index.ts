import type { Clock, Logger } from '../../../base/index.js';
import { DEFAULT_DECODE_BUDGET } from '../../../serialization/index.js';
import type { Credentials } from '../credentials.js';
import type { SqsOptions } from '../options/sqs-options.js';
import { BucketStore, loadBucketDriver } from './bucket-store.js';
import { FolderStore } from './folder-store.js';
import type { PayloadStore } from './payload-store.js';

export { PayloadDesk } from './payload-desk.js';
export type { PayloadStore } from './payload-store.js';
export { isPointer, readReceipt } from './pointer.js';

/** Base64 makes four bytes of three. */
const MAX_BODY_BYTES = Math.ceil((DEFAULT_DECODE_BUDGET.maxBytes * 4) / 3) + 4;

/** The store that `large_payloads` asks for, if any. Throws DRIVER_MISSING. */
export async function openPayloadStore(
  { large_payloads: wanted, region }: SqsOptions,
  context: { readonly credentials: Credentials | undefined; readonly clock: Clock; readonly logger: Logger },
): Promise<PayloadStore | undefined> {
  if (wanted === undefined) return undefined;
  if ('folder' in wanted) {
    const store = new FolderStore(wanted.folder);
    void store.sweep(context.clock, context.logger);
    return store;
  }
  const bucket = { ...wanted, ...(wanted.region === undefined && region !== undefined ? { region } : {}) };
  return new BucketStore(await loadBucketDriver(), bucket, {
    credentials: context.credentials,
    maxBytes: MAX_BODY_BYTES,
  });
}
