import { SqsError } from '../errors.js';
import { type Redrive, readRedrive } from './redrive-policy.js';

/** The largest message, and the largest batch: 1 MiB, as AWS has it since August 2025. */
export const MAX_MESSAGE_BYTES = 1_048_576;

interface IntegerAttribute {
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}

/** Limits and defaults of the SQS API reference, `SetQueueAttributes`. Seconds and bytes. */
const INTEGERS: ReadonlyMap<string, IntegerAttribute> = new Map(
  Object.entries({
    DelaySeconds: { min: 0, max: 900, fallback: 0 },
    MaximumMessageSize: { min: 1024, max: MAX_MESSAGE_BYTES, fallback: MAX_MESSAGE_BYTES },
    MessageRetentionPeriod: { min: 60, max: 1_209_600, fallback: 345_600 },
    ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, fallback: 0 },
    VisibilityTimeout: { min: 0, max: 43_200, fallback: 30 },
  }),
);

const FIFO_CHOICES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    ContentBasedDeduplication: ['true', 'false'],
    DeduplicationScope: ['queue', 'messageGroup'],
    FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
  }),
);

/** Taken and given back, without effect here: nothing is encrypted and nobody is kept out. */
const CARRIED = [
  'Policy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
];

/** The attributes a user sets, as texts, with defaults filled in. */
export type QueueAttributes = Readonly<Record<string, string>>;

/** The attributes in the form the queue works with. Times in milliseconds. */
export interface QueueSettings {
  readonly fifo: boolean;
  readonly delayMs: number;
  readonly maxBytes: number;
  readonly retentionMs: number;
  readonly waitMs: number;
  readonly visibilityMs: number;
  readonly contentDeduplication: boolean;
  readonly deduplicationPerGroup: boolean;
  readonly redrive: Redrive | undefined;
}

export function defaultAttributes(fifo: boolean): QueueAttributes {
  const integers = [...INTEGERS].map(([name, { fallback }]) => [name, String(fallback)]);
  return {
    ...Object.fromEntries(integers),
    SqsManagedSseEnabled: 'true',
    ...(fifo && {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    }),
  };
}

/**
 * Checks attributes that a caller wants to set.
 * @throws SqsError InvalidAttributeName, InvalidAttributeValue
 */
export function checkAttributes(attributes: QueueAttributes, fifo: boolean): void {
  for (const [name, value] of Object.entries(attributes)) {
    const range = INTEGERS.get(name);
    const choices = FIFO_CHOICES.get(name);
    if (range !== undefined) {
      const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
      if (!(number >= range.min && number <= range.max)) throw badValue(name);
    } else if (fifo && choices !== undefined) {
      if (!choices.includes(value)) throw badValue(name);
    } else if (fifo && name === 'FifoQueue') {
      if (value !== 'true') throw badValue(name);
    } else if (name !== 'RedrivePolicy' && !CARRIED.includes(name)) {
      throw new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
  }
}

/** The attributes after a change; an empty text removes one, as a redrive policy is removed. */
export const changedAttributes = (before: QueueAttributes, change: QueueAttributes): QueueAttributes =>
  Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== ''));

export function settingsOf(attributes: QueueAttributes): QueueSettings {
  const number = (name: string): number => Number(attributes[name] ?? INTEGERS.get(name)?.fallback);
  return {
    fifo: attributes['FifoQueue'] === 'true',
    delayMs: number('DelaySeconds') * 1000,
    maxBytes: number('MaximumMessageSize'),
    retentionMs: number('MessageRetentionPeriod') * 1000,
    waitMs: number('ReceiveMessageWaitTimeSeconds') * 1000,
    visibilityMs: number('VisibilityTimeout') * 1000,
    contentDeduplication: attributes['ContentBasedDeduplication'] === 'true',
    deduplicationPerGroup: attributes['DeduplicationScope'] === 'messageGroup',
    redrive: readRedrive(attributes['RedrivePolicy']),
  };
}

const badValue = (name: string): SqsError =>
  new SqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
