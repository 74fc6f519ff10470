import { invalid } from '../errors.js';

/** Where messages go that were received too often. */
export interface Redrive {
  readonly targetArn: string;
  readonly maxReceives: number;
}

const MAX_RECEIVES = 1000;

/**
 * Reads a queue's `RedrivePolicy`; undefined when there is none.
 * @throws SqsError InvalidParameterValue when it is not JSON with `deadLetterTargetArn` and `maxReceiveCount` (1 to 1000)
 */
export function readRedrive(policy: string | undefined): Redrive | undefined {
  if (policy === undefined || policy === '') return undefined;
  const refuse = (reason: string): Error => invalid(policy, 'RedrivePolicy', reason);
  let parsed: unknown;
  try {
    parsed = JSON.parse(policy);
  } catch {
    throw refuse('Redrive policy is not a valid JSON map.');
  }
  if (typeof parsed !== 'object' || parsed === null) throw refuse('Redrive policy is not a valid JSON map.');
  const { deadLetterTargetArn, maxReceiveCount } = parsed as Record<string, unknown>;
  if (typeof deadLetterTargetArn !== 'string')
    throw refuse('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  if (maxReceiveCount === undefined)
    throw refuse('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
  const maxReceives = Number(maxReceiveCount);
  if (!Number.isInteger(maxReceives) || maxReceives < 1 || maxReceives > MAX_RECEIVES) {
    throw refuse(
      `Invalid value for maxReceiveCount: ${JSON.stringify(maxReceiveCount)}, valid values are from 1 to ${MAX_RECEIVES} both inclusive.`,
    );
  }
  return { targetArn: deadLetterTargetArn, maxReceives };
}
