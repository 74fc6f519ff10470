import type { Headers } from '../../messaging/index.js';
import { isMapping } from './fields.js';

/** A message of whichever protocol, in the form of protocol 2. */
export interface Envelope {
  readonly headers: Headers;
  readonly args: unknown;
  readonly kwargs: unknown;
  readonly embed: unknown;
}

/**
 * Recognises the protocol (1.1, 1.5): `headers.task` with a list of three is protocol 2, with a mapping that holds `args`
 * the hybrid form; without it a body with `task` is protocol 1. Undefined when it is neither.
 * A protocol 2 body of any other shape is left to the caller.
 */
export function openEnvelope(headers: Headers, body: unknown): Envelope | 'body' | undefined {
  const second = headers['task'] !== undefined && headers['task'] !== null;
  if (second && Array.isArray(body)) {
    return body.length === 3 ? { headers, args: body[0], kwargs: body[1], embed: body[2] } : 'body';
  }
  if (!isMapping(body)) return second ? 'body' : undefined;
  if (second) return 'args' in body ? converted(body, { ...body, ...headers }) : 'body';
  return 'task' in body
    ? converted(body, { ...withoutParts(body), group: body['taskset'] ?? body['group'] })
    : undefined;
}

/** In protocol 1 chains are nested links: there is no chain. */
const converted = (body: Headers, headers: Headers): Envelope => ({
  headers: withoutParts(headers),
  args: body['args'] ?? [],
  kwargs: body['kwargs'] ?? {},
  embed: { callbacks: body['callbacks'], errbacks: body['errbacks'], chord: body['chord'], chain: null },
});

const PARTS = new Set(['args', 'kwargs', 'callbacks', 'errbacks', 'chord', 'taskset', 'utc']);

const withoutParts = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !PARTS.has(name)));
