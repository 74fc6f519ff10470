/**
 * The errors of the SQS interface. Both protocols carry the same facts in different clothes: AWS JSON names the
 * shape in `__type` and repeats the older name in the header `x-amzn-query-error`; Query has only the older name.
 * Source: the error list of the SQS API reference.
 */
interface Kind {
  /** The name in Query answers, and in the header of JSON answers. */
  readonly code: string;
  readonly status: number;
  readonly fault: 'Sender' | 'Receiver';
}

const sender = (code: string, status = 400): Kind => ({ code, status, fault: 'Sender' });
const receiver = (code: string, status: number): Kind => ({ code, status, fault: 'Receiver' });
const simple = (name: string, status = 400): Kind => sender(`AWS.SimpleQueueService.${name}`, status);

const KINDS = {
  QueueDoesNotExist: simple('NonExistentQueue'),
  QueueNameExists: sender('QueueAlreadyExists'),
  ReceiptHandleIsInvalid: sender('ReceiptHandleIsInvalid', 404),
  MessageNotInflight: simple('MessageNotInflight'),
  InvalidMessageContents: sender('InvalidMessageContents'),
  InvalidAttributeName: sender('InvalidAttributeName'),
  InvalidAttributeValue: sender('InvalidAttributeValue'),
  InvalidParameterValueException: sender('InvalidParameterValue'),
  MissingRequiredParameterException: sender('MissingParameter'),
  EmptyBatchRequest: simple('EmptyBatchRequest'),
  TooManyEntriesInBatchRequest: simple('TooManyEntriesInBatchRequest'),
  BatchEntryIdsNotDistinct: simple('BatchEntryIdsNotDistinct'),
  BatchRequestTooLong: simple('BatchRequestTooLong'),
  InvalidBatchEntryId: simple('InvalidBatchEntryId'),
  OverLimit: sender('OverLimit', 403),
  RequestThrottled: sender('RequestThrottled', 403),
  UnrecognizedClientException: sender('InvalidClientTokenId', 403),
  AccessDeniedException: sender('AccessDenied', 403),
  UnknownOperationException: sender('InvalidAction'),
  SerializationException: sender('MalformedInput'),
  RequestEntityTooLarge: sender('RequestEntityTooLarge', 413),
  InternalFailure: receiver('InternalError', 500),
  ServiceUnavailable: receiver('ServiceUnavailable', 503),
} as const satisfies Record<string, Kind>;

export type SqsErrorName = keyof typeof KINDS;

/** An answer of the SQS interface that says no. The dispatcher turns it into the protocol of the caller. */
export class SqsError extends Error {
  override readonly name: SqsErrorName;

  constructor(name: SqsErrorName, message: string) {
    super(message);
    this.name = name;
  }

  get code(): string {
    return KINDS[this.name].code;
  }

  get status(): number {
    return KINDS[this.name].status;
  }

  get fault(): 'Sender' | 'Receiver' {
    return KINDS[this.name].fault;
  }
}

export const missing = (parameter: string): SqsError =>
  new SqsError('MissingRequiredParameterException', `The request must contain the parameter ${parameter}.`);

export const invalid = (value: unknown, parameter: string, reason: string): SqsError =>
  new SqsError(
    'InvalidParameterValueException',
    `Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );
