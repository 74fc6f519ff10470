import type * as driver from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { messageOf, newId, ToolboxError } from '../../../base/index.js';
import type { Credentials } from '../credentials.js';
import type { BucketOptions } from '../options/large-payloads.js';
import { translateFailure } from '../sqs-failures.js';
import type { Payload, PayloadStore } from './payload-store.js';
import { bucketPlace, bucketPointer } from './pointer.js';

type Driver = typeof driver;

const CONNECT_MS = 5000;
const ANSWER_MS = 30_000;

/** Loads the AWS SDK's client for S3. Throws DRIVER_MISSING naming the command that installs it. */
export async function loadBucketDriver(
  load: () => Promise<Driver> = () => import('@aws-sdk/client-s3'),
): Promise<Driver> {
  try {
    return await load();
  } catch (cause) {
    throw new ToolboxError(
      'DRIVER_MISSING',
      `large_payloads in a bucket need the AWS SDK: npm install @aws-sdk/client-s3 (${messageOf(cause)})`,
      { cause, fields: { package: '@aws-sdk/client-s3' } },
    );
  }
}

/** Payloads as objects of one S3 bucket. */
export class BucketStore implements PayloadStore {
  readonly #driver: Driver;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #maxBytes: number;

  constructor(
    loaded: Driver,
    { bucket, prefix, region, endpoint_url }: BucketOptions,
    { credentials, maxBytes }: { credentials: Credentials | undefined; maxBytes: number },
  ) {
    this.#driver = loaded;
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#maxBytes = maxBytes;
    this.#client = new loaded.S3Client({
      requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS },
      // Services other than AWS's own know neither bucket hosts nor the newer checksums.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      ...(endpoint_url === undefined ? {} : { endpoint: endpoint_url, forcePathStyle: true }),
      ...(region === undefined ? {} : { region }),
      ...(credentials === undefined ? {} : { credentials }),
    });
  }

  async put(text: string): Promise<string> {
    const place = { bucket: this.#bucket, key: this.#prefix + newId() };
    const { PutObjectCommand } = this.#driver;
    await this.#call('PutObject', () =>
      this.#client.send(new PutObjectCommand({ Bucket: place.bucket, Key: place.key, Body: text })),
    );
    return bucketPointer(place);
  }

  async get(pointer: string): Promise<Payload> {
    const place = this.#own(pointer);
    if (place === undefined) return { problem: 'its body is not kept in the bucket of large_payloads' };
    const { GetObjectCommand } = this.#driver;
    return this.#call('GetObject', async () => {
      try {
        const { Body, ContentLength = 0 } = await this.#client.send(new GetObjectCommand(place));
        if (ContentLength <= this.#maxBytes) return { text: (await Body?.transformToString()) ?? '' };
        // Unread, the answer would keep its connection.
        if (Body && 'destroy' in Body) Body.destroy();
        return {
          problem: `its body has ${ContentLength} bytes, more than the ${this.#maxBytes} that are read`,
        };
      } catch (error) {
        if ((error as { name?: unknown }).name !== 'NoSuchKey') throw error;
        return { problem: `its body, s3://${place.Bucket}/${place.Key}, is gone` };
      }
    });
  }

  async remove(pointer: string): Promise<void> {
    const place = this.#own(pointer);
    const { DeleteObjectCommand } = this.#driver;
    if (place) await this.#call('DeleteObject', () => this.#client.send(new DeleteObjectCommand(place)));
  }

  close(): void {
    this.#client.destroy();
  }

  /** Our bucket and prefix only: a message must not make us ask for anything else. */
  #own(pointer: string): { readonly Bucket: string; readonly Key: string } | undefined {
    const place = bucketPlace(pointer);
    if (place?.bucket !== this.#bucket || !place.key.startsWith(this.#prefix)) return undefined;
    return { Bucket: place.bucket, Key: place.key };
  }

  async #call<T>(operation: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw translateFailure(error, { service: 'S3', operation, endpoint: `bucket ${this.#bucket}` });
    }
  }
}
