import { messageOf } from '../../base/index.js';
import type { Headers, MessageProperties } from '../../messaging/index.js';
import { DEFAULT_DECODE_BUDGET, readJson } from '../../serialization/index.js';

/** What an envelope holds; with `defect`, the raw text instead and the reason it could not be read. */
export interface OpenedEnvelope {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly headers: Headers;
  readonly properties: MessageProperties;
  readonly exchange: string;
  readonly routingKey: string;
  readonly redelivered: boolean;
  readonly priority: number | null;
  /** Deliveries before this one, as far as they were counted in the envelope. */
  readonly earlier: number;
  readonly defect?: string;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const object = (value: unknown): Json => (isObject(value) ? value : {});
const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Reads what any kombu wrote. Never throws: what cannot be read comes back raw, with its `defect`. */
export function readEnvelope(raw: string, queue: string): OpenedEnvelope {
  try {
    return open(raw, queue);
  } catch (error) {
    return {
      body: Buffer.from(raw),
      contentType: 'application/octet-stream',
      contentEncoding: 'binary',
      headers: {},
      properties: {},
      exchange: '',
      routingKey: queue,
      redelivered: false,
      priority: null,
      earlier: 0,
      defect: messageOf(error),
    };
  }
}

function open(raw: string, queue: string): OpenedEnvelope {
  const envelope = readJson(raw, DEFAULT_DECODE_BUDGET);
  if (!isObject(envelope)) throw new Error('the envelope is not a JSON object');
  if (!isObject(envelope.properties)) throw new Error('the envelope has no properties');
  const given = envelope.headers ?? {};
  if (!isObject(given)) throw new Error('the headers of the envelope are not an object');
  // The envelope's own: every publish has them, none of them is a property of the message.
  const { delivery_info, delivery_tag: _tag, body_encoding, ...properties } = envelope.properties;
  const info = object(delivery_info);
  const { redelivered: mark, ...others } = given;
  // kombu marks what it redelivers on Redis in both places: the one among the headers is not the sender's.
  const headers = mark === true && info.redelivered === true ? others : given;
  return {
    body: bodyOf(envelope.body, body_encoding),
    // What kombu takes a message for that does not say.
    contentType: text(envelope['content-type'], 'application/data'),
    contentEncoding: text(envelope['content-encoding'], 'utf-8'),
    headers,
    properties,
    exchange: text(info.exchange, ''),
    routingKey: text(info.routing_key, queue),
    redelivered: [envelope.redelivered, mark, info.redelivered].includes(true),
    priority: numberOf(properties.priority ?? info.priority),
    earlier: numberOf(info.delivery_count) ?? 0,
  };
}

function bodyOf(body: unknown, encoding: unknown): Uint8Array {
  if (typeof body !== 'string') throw new Error('the body of the envelope is not a string');
  if (encoding !== 'base64') return Buffer.from(body);
  if (body.length % 4 !== 0 || !BASE64.test(body)) throw new Error('the body of the envelope is not base64');
  return Buffer.from(body, 'base64');
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
