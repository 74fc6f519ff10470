import { type ErrorCode, messageOf, ToolboxError } from '../../base/index.js';

/** What was being done, for the message. */
export interface Attempt {
  /** Default `SQS`. */
  readonly service?: string;
  readonly operation: string;
  readonly endpoint: string;
  readonly queue?: string;
}

interface Kind {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly transient?: boolean;
}

const MISSING: Kind = {
  code: 'NOT_DECLARED',
  remedy: 'the queue does not exist there: declare it, or correct queue_name_prefix and region',
};
const RIGHTS: Kind = {
  code: 'BROKER_REFUSED',
  remedy: 'grant the action to these credentials',
};
const LOGIN: Kind = {
  code: 'BROKER_UNREACHABLE',
  remedy: 'the login was refused: check the credentials in broker_url or in the AWS credential chain',
  transient: false,
};
const BUSY: Kind = {
  code: 'BROKER_UNREACHABLE',
  remedy: 'the service is too busy for us at the moment',
  transient: true,
};
const REFUSED: Kind = { code: 'BROKER_REFUSED', remedy: 'the service answered and said no' };
const UNREACHABLE: Kind = {
  code: 'BROKER_UNREACHABLE',
  remedy: 'check that the service runs there and can be reached',
  transient: true,
};

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/QueueDoesNotExist|NonExistentQueue/, MISSING],
  [
    /InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSecurity|ExpiredToken|InvalidAccessKeyId|MissingAuthenticationToken|IncompleteSignature|AuthFailure|InvalidSignature|CredentialsProvider/,
    LOGIN,
  ],
  [/AccessDenied|KmsNotFound|KmsDisabled|KmsInvalid|KmsOptInRequired|AuthorizationError/, RIGHTS],
  [
    /Throttl|OverLimit|TooManyRequests|RequestLimitExceeded|ServiceUnavailable|InternalError|InternalFailure|SlowDown/,
    BUSY,
  ],
];

/** The service asks for fewer calls. */
export function isThrottled(error: unknown): boolean {
  const { name, status } = describe(error);
  return status === 429 || /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/.test(name);
}

/** The credentials are not, or no longer, good. */
export const isLoginRefused = ({ fields }: ToolboxError): boolean => fields['login'] === 'refused';

/** An error of the SDK or of the network as ours. */
export function translateFailure(error: unknown, attempt: Attempt): ToolboxError {
  if (error instanceof ToolboxError) return error;
  const { name, status, reason } = describe(error);
  return failure(kindOf(name, status), name, reason, attempt, error);
}

/** An entry of a batch that SQS refused. */
export interface Refusal {
  readonly Id: string | undefined;
  readonly Code: string | undefined;
  readonly Message?: string | undefined;
  readonly SenderFault: boolean | undefined;
}

/** A refused entry as ours; `stale` tells that a refusal means a receipt that is no longer good. */
export function translateEntry(entry: Refusal, attempt: Attempt, stale: boolean): ToolboxError {
  const name = entry.Code ?? 'unknown';
  const known = KINDS.find(([pattern]) => pattern.test(name))?.[1];
  if (!known && entry.SenderFault && stale) {
    const text = `a message of queue "${attempt.queue}" is no longer held: SQS says ${name}, ${entry.Message ?? ''}`;
    return new ToolboxError('LEASE_LOST', text, { fields: { queue: attempt.queue, reason: name } });
  }
  return failure(known ?? (entry.SenderFault ? REFUSED : BUSY), name, entry.Message ?? '', attempt);
}

function kindOf(name: string, status: number | undefined): Kind {
  const known = KINDS.find(([pattern]) => pattern.test(name))?.[1];
  if (known) return known;
  if (status === undefined) return UNREACHABLE;
  if (status >= 500) return BUSY;
  return status === 403 ? RIGHTS : REFUSED;
}

function failure(kind: Kind, name: string, reason: string, attempt: Attempt, cause?: unknown): ToolboxError {
  const { service = 'SQS', operation, endpoint, queue } = attempt;
  const on = queue === undefined ? '' : ` for queue "${queue}"`;
  const said = reason.startsWith(name) ? reason : `${name} ${reason}`;
  return new ToolboxError(
    kind.code,
    `${service} ${operation}${on} at ${endpoint}: ${said.trim()}; ${kind.remedy}`,
    {
      cause,
      fields: {
        operation,
        endpoint,
        queue,
        reason: name,
        ...(kind.transient === undefined ? {} : { transient: kind.transient }),
        ...(kind === LOGIN ? { login: 'refused' } : {}),
      },
    },
  );
}

function describe(error: unknown): { name: string; status: number | undefined; reason: string } {
  const raw = (error ?? {}) as { name?: unknown; code?: unknown; $metadata?: { httpStatusCode?: number } };
  const name = typeof raw.code === 'string' ? raw.code : typeof raw.name === 'string' ? raw.name : 'Error';
  return { name, status: raw.$metadata?.httpStatusCode, reason: messageOf(error) };
}
