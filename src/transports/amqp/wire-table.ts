import { Decimal, Uuid } from '../../base/index.js';

/**
 * Field tables (headers, queue arguments) between our values and the client's. Sources: AMQP 0-9-1 section 4.2.5.5 as
 * RabbitMQ and py-amqp read it. Plain JSON values pass as they are, without a copy.
 */
type Table = Record<string, unknown>;

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** What the client can write. Values AMQP has no type for (huge integers, NaN, other classes) travel as text. */
export function toWireTable(table: Readonly<Table>): Table {
  let copy: Table | undefined;
  for (const key in table) {
    const value = table[key];
    const wire = toWire(value);
    if (wire !== value) {
      copy ??= { ...table };
      copy[key] = wire;
    }
  }
  return copy ?? table;
}

function toWire(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value;
    case 'number':
      // The client writes integers beyond 2^53 and NaN through BigInt, which throws: a double or text serves.
      if (Number.isSafeInteger(value)) return value;
      return Number.isFinite(value) ? { '!': 'double', value } : String(value);
    case 'bigint':
      return value >= INT64_MIN && value <= INT64_MAX ? { '!': 'long', value } : value.toString();
    case 'object':
      return value === null ? null : objectToWire(value);
    default:
      return undefined;
  }
}

function objectToWire(value: object): unknown {
  if (Array.isArray(value)) return arrayToWire(value);
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  // AMQP's timestamp has whole seconds and no sign.
  if (value instanceof Date) {
    const seconds = Math.max(0, Math.floor(value.getTime() / 1000));
    return Number.isNaN(seconds) ? null : { '!': 'timestamp', value: seconds };
  }
  if (value instanceof Decimal || value instanceof Uuid) return value.toString();
  const table = toWireTable(value as Table);
  // The client reads a key `!` as a type of its own.
  return Object.hasOwn(table, '!') ? JSON.stringify(table, bigintAsText) : table;
}

const bigintAsText = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;

function arrayToWire(items: readonly unknown[]): readonly unknown[] {
  // undefined has no place in an array on the wire; JSON writes null.
  const wire = items.map((item) => toWire(item) ?? null);
  return wire.every((item, at) => item === items[at]) ? items : wire;
}

/** A table as it was read, with the client's tagged values turned into ours. */
export function fromWireTable(table: Readonly<Table>): Table {
  let copy: Table | undefined;
  for (const key in table) {
    const value = table[key];
    if (typeof value !== 'object' || value === null) continue;
    const ours = fromWire(value);
    if (ours !== value) {
      copy ??= { ...table };
      copy[key] = ours;
    }
  }
  return copy ?? table;
}

function fromWire(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value))
    return value.some((item) => typeof item === 'object') ? value.map(fromWire) : value;
  const tagged = value as { readonly '!'?: unknown; readonly value?: unknown };
  if (tagged['!'] === 'timestamp') return new Date(Number(tagged.value) * 1000);
  if (tagged['!'] === 'decimal') {
    return decimal(tagged.value as { readonly places: number; readonly digits: number });
  }
  return fromWireTable(value as Table);
}

/** py-amqp writes the digits signed, the client reads them unsigned. */
function decimal({ places, digits }: { readonly places: number; readonly digits: number }): Decimal {
  const signed = digits | 0;
  const text = Math.abs(signed)
    .toString()
    .padStart(places + 1, '0');
  const point = text.length - places;
  const number = places === 0 ? text : `${text.slice(0, point)}.${text.slice(point)}`;
  return new Decimal(signed < 0 ? `-${number}` : number);
}
