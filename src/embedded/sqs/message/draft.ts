import { createHash } from 'node:crypto';
import { invalid, missing, SqsError } from '../errors.js';
import type { Input } from '../input.js';
import type { QueueSettings } from '../store/queue-settings.js';
import { attributeBytes, type MessageAttributes, readAttributes } from './attributes.js';

/** A message as its sender wants it. */
export interface Draft {
  readonly body: string;
  readonly attributes?: MessageAttributes;
  readonly systemAttributes?: MessageAttributes;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** Overrides the delay of the queue. */
  readonly delayMs?: number;
}

const MAX_DELAY_SECONDS = 900;
const ID = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

// The characters an XML 1.0 document may hold; the Query protocol could not carry others.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the control characters are what is looked for
const NOT_XML = /[^\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** What counts towards the limits of a message and of a batch. Source: SQS quotas, "Message size". */
export const draftBytes = ({ body, attributes, systemAttributes }: Draft): number =>
  Buffer.byteLength(body) + attributeBytes(attributes) + attributeBytes(systemAttributes);

/** Reads a message out of a SendMessage call or a batch entry, by the rules of the queue. @throws SqsError */
export function readDraft(input: Input, settings: QueueSettings): Draft {
  const body = input.text('MessageBody');
  if (NOT_XML.test(body)) {
    throw new SqsError(
      'InvalidMessageContents',
      'Invalid binary character was found in the message body, the set of allowed characters is #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  }
  const attributes = readAttributes(input, 'MessageAttributes');
  const systemAttributes = readAttributes(input, 'MessageSystemAttributes');
  const draft: Draft = {
    body,
    ...(attributes && { attributes }),
    ...(systemAttributes && { systemAttributes }),
    ...(settings.fifo ? readFifo(input, body, settings) : readStandard(input)),
  };
  if (draftBytes(draft) > settings.maxBytes) {
    throw new SqsError(
      'InvalidParameterValueException',
      `One or more parameters are invalid. Reason: Message must be shorter than ${settings.maxBytes} bytes.`,
    );
  }
  return draft;
}

type Placement = Pick<Draft, 'groupId' | 'deduplicationId' | 'delayMs'>;

function readStandard(input: Input): Placement {
  if (input.has('MessageDeduplicationId')) {
    throw invalid(
      input.text('MessageDeduplicationId'),
      'MessageDeduplicationId',
      'The request include parameter that is not valid for this queue type.',
    );
  }
  const delay = input.integer('DelaySeconds', { min: 0, max: MAX_DELAY_SECONDS });
  const groupId = readId(input, 'MessageGroupId');
  return {
    ...(groupId !== undefined && { groupId }),
    ...(delay !== undefined && { delayMs: delay * 1000 }),
  };
}

function readFifo(input: Input, body: string, { contentDeduplication }: QueueSettings): Placement {
  const groupId = readId(input, 'MessageGroupId');
  if (groupId === undefined) throw missing('MessageGroupId');
  if ((input.integer('DelaySeconds', { min: 0, max: MAX_DELAY_SECONDS }) ?? 0) > 0) {
    throw invalid(
      input.text('DelaySeconds'),
      'DelaySeconds',
      'The request include parameter that is not valid for this queue type.',
    );
  }
  const deduplicationId =
    readId(input, 'MessageDeduplicationId') ??
    (contentDeduplication ? createHash('sha256').update(body).digest('hex') : undefined);
  if (deduplicationId === undefined) {
    throw new SqsError(
      'InvalidParameterValueException',
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return { groupId, deduplicationId };
}

function readId(input: Input, name: string): string | undefined {
  const id = input.optionalText(name);
  if (id === undefined || ID.test(id)) return id;
  throw invalid(
    id,
    name,
    `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}
