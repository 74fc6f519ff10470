import { invalid, SqsError } from '../errors.js';
import { Input } from '../input.js';

/** One message attribute, in the shape both protocols and the journal use. Binary values are base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const MAX_ATTRIBUTES = 10;
const NAME = /^(?!\.)(?!.*\.\.)(?!.*\.$)(?!aws\.|amazon\.)[A-Za-z0-9_.-]{1,256}$/i;
const TYPE = /^(String|Number|Binary)(\.[^\s]{1,248})?$/;

const refuse = (message: string): SqsError => new SqsError('InvalidParameterValueException', message);

/**
 * Reads and checks the attributes of a message; undefined when there are none.
 * @throws SqsError InvalidParameterValue, as SQS does for names, types, empty values and more than ten
 */
export function readAttributes(input: Input, parameter: string): MessageAttributes | undefined {
  const given = Object.entries(input.record(parameter));
  if (given.length === 0) return undefined;
  if (given.length > MAX_ATTRIBUTES) {
    throw invalid(given.length, parameter, `A message can have at most ${MAX_ATTRIBUTES} attributes.`);
  }
  return Object.fromEntries(given.map(([name, value]) => [name, readAttribute(name, value)]));
}

function readAttribute(name: string, raw: unknown): MessageAttribute {
  if (!NAME.test(name)) throw invalid(name, 'MessageAttributeName', 'The name is not allowed.');
  const value = new Input(typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {});
  const type = value.optionalText('DataType') ?? '';
  if (type === '') throw refuse(`The message attribute '${name}' must contain a non-empty attribute type.`);
  if (!TYPE.test(type)) {
    throw refuse(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const binary = type.startsWith('Binary');
  const text = value.optionalText(binary ? 'BinaryValue' : 'StringValue') ?? '';
  if (text === '') {
    throw refuse(
      `The message attribute '${name}' must contain a non-empty message attribute value for message attribute type '${type}'.`,
    );
  }
  if (binary) return { DataType: type, BinaryValue: Buffer.from(text, 'base64').toString('base64') };
  if (type.startsWith('Number') && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    throw refuse(`Can't cast the value of message attribute '${name}' to a number.`);
  }
  return { DataType: type, StringValue: text };
}

/** Bytes the attributes add to the size of a message: names, types and values. */
export function attributeBytes(attributes: MessageAttributes | undefined): number {
  let bytes = 0;
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes ?? {})) {
    bytes += name.length + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue ?? '');
    bytes += BinaryValue === undefined ? 0 : Buffer.byteLength(BinaryValue, 'base64');
  }
  return bytes;
}

/** The attributes a receiver asked for: exact names, `All`, `.*`, or a prefix as `orders.*`. */
export function selectAttributes(
  attributes: MessageAttributes | undefined,
  wanted: readonly string[],
): MessageAttributes | undefined {
  if (attributes === undefined || wanted.length === 0) return undefined;
  const matches = (name: string): boolean =>
    wanted.some(
      (want) =>
        want === name ||
        want === 'All' ||
        (want.endsWith('.*') && (want === '.*' || name.startsWith(want.slice(0, -1)))),
    );
  const chosen = Object.entries(attributes).filter(([name]) => matches(name));
  return chosen.length === 0 ? undefined : Object.fromEntries(chosen);
}
