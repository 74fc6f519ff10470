import { DEFAULT_DECODE_BUDGET, readJson, writeJson } from '../../serialization/index.js';

/** A record of a message in delivery, read back. */
export interface UnackedEntry {
  readonly exchange: string;
  readonly routingKey: string;
  readonly priority: unknown;
  /** The envelope as it goes back into a list: marked redelivered as kombu does it, and counted. */
  readonly returning: string;
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * What follows the envelope in a record of ours. It names the queue, by the anonymous exchange: whoever restores it,
 * kombu included, puts it back there and nowhere else.
 */
export const entryEnding = (queue: string): string => `, "", ${JSON.stringify(queue)}]`;

/** The envelope in a record made with `ending`. */
export const envelopeIn = (entry: string, ending: string): string => entry.slice(1, -ending.length);

const OURS = /, "", ("(?:[^"\\]|\\.)*")\]$/;

/** Reads a record, `[envelope, exchange, routing key]`. Undefined when it is none. */
export function readEntry(entry: string): UnackedEntry | undefined {
  try {
    const parts = readJson(entry, DEFAULT_DECODE_BUDGET);
    if (!Array.isArray(parts) || parts.length !== 3 || !isObject(parts[0])) return undefined;
    const [envelope, exchange, routingKey] = parts as [Json, unknown, unknown];
    return {
      exchange: typeof exchange === 'string' ? exchange : '',
      routingKey: typeof routingKey === 'string' ? routingKey : '',
      priority: isObject(envelope.properties) ? envelope.properties.priority : undefined,
      returning: marked(envelope),
    };
  } catch {
    // An envelope nobody can read goes back as it is: its next consumer sets it aside.
    const queue = OURS.exec(entry)?.[1];
    if (queue === undefined || !entry.startsWith('[')) return undefined;
    const routingKey = JSON.parse(queue) as string;
    return {
      exchange: '',
      routingKey,
      priority: undefined,
      returning: envelopeIn(entry, entryEnding(routingKey)),
    };
  }
}

function marked(envelope: Json): string {
  const { headers, properties } = envelope;
  if (isObject(headers)) headers.redelivered = true;
  if (isObject(properties) && isObject(properties.delivery_info)) {
    const info = properties.delivery_info;
    info.redelivered = true;
    info.delivery_count = (Number(info.delivery_count) || 0) + 1;
  }
  return writeJson(envelope);
}
