import {
  Decimal,
  OpaqueObject,
  PlainDate,
  PlainDateTime,
  PlainTime,
  TimeDelta,
  Uuid,
} from '../../../base/index.js';
import { PickledException, ResultReference, Tuple } from '../../../serialization/index.js';

/** The classes values may be of beside JavaScript's own; their members are all there is to them. */
const CLASSES = {
  Decimal,
  OpaqueObject,
  PickledException,
  PlainDate,
  PlainDateTime,
  PlainTime,
  ResultReference,
  TimeDelta,
  Tuple,
  Uuid,
} as const;

const PROTOTYPES: ReadonlyMap<string, object> = new Map(
  Object.entries(CLASSES).map(([name, type]) => [name, type.prototype as object]),
);
const NAMES: ReadonlyMap<unknown, string> = new Map(
  [...PROTOTYPES].map(([name, prototype]) => [prototype, name]),
);

/** The name of the value class that an object with this prototype is of. */
export const valueClassOf = (prototype: unknown): string | undefined => NAMES.get(prototype);

/** Makes an object of members an instance again. */
export const asInstance = (name: string, members: object): object =>
  Object.setPrototypeOf(members, PROTOTYPES.get(name) ?? Object.prototype) as object;
