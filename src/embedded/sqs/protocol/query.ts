import { SqsError } from '../errors.js';
import type { Protocol } from './protocol.js';
import { errorXml, resultXml } from './xml.js';

/** A parameter's name split at the dots: texts at the ends, and a tree in between. */
interface Tree {
  [part: string]: Tree | string;
}

const MAX_PARAMETERS = 2000;
const MAX_DEPTH = 8;

/** Singular names of the Query protocol for what JSON has as a list. */
const LISTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    AttributeName: 'AttributeNames',
    MessageSystemAttributeName: 'MessageSystemAttributeNames',
    MessageAttributeName: 'MessageAttributeNames',
    TagKey: 'TagKeys',
    SendMessageBatchRequestEntry: 'Entries',
    DeleteMessageBatchRequestEntry: 'Entries',
    ChangeMessageVisibilityBatchRequestEntry: 'Entries',
  }),
);

const PLURALS = new Set(LISTS.values());

/** Names for what JSON has as a map; here a list of pairs, named Name and Value, or Key and Value. */
const MAPS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Attribute: 'Attributes',
    MessageAttribute: 'MessageAttributes',
    MessageSystemAttribute: 'MessageSystemAttributes',
    Tag: 'Tags',
  }),
);

/**
 * The older protocol, which kombu's asynchronous half and older SDKs speak: parameters in a form, or in the query
 * string of a GET with a signature that is not looked at; answers in XML.
 */
export const queryProtocol: Protocol = {
  parse({ url, body }) {
    const tree: Tree = Object.create(null) as Tree;
    let count = 0;
    for (const source of [url.searchParams, new URLSearchParams(body)]) {
      for (const [name, value] of source) {
        count += 1;
        if (count > MAX_PARAMETERS) throw new SqsError('SerializationException', 'Too many parameters.');
        grow(tree, name.split('.'), value);
      }
    }
    const { Action: action, ...parameters } = toValues(tree);
    if (typeof action !== 'string')
      throw new SqsError('UnknownOperationException', 'The request names no Action.');
    return { action, values: parameters };
  },

  renderResult: (action, result, requestId) => ({
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: resultXml(action, result, requestId),
  }),

  renderError: (error, requestId) => ({
    status: error.status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: errorXml(error, requestId),
  }),
};

function grow(tree: Tree, path: readonly string[], value: string): void {
  if (path.length > MAX_DEPTH) return;
  let at = tree;
  for (const part of path.slice(0, -1)) {
    let next = at[part];
    if (typeof next !== 'object') {
      next = Object.create(null) as Tree;
      at[part] = next;
    }
    at = next;
  }
  at[path.at(-1) ?? ''] = value;
}

function toValues(tree: Tree): Record<string, unknown> {
  return Object.fromEntries(Object.entries(tree).map(([name, node]) => toValue(name, node)));
}

function toValue(name: string, node: Tree | string): [name: string, value: unknown] {
  const list = LISTS.get(name);
  const map = MAPS.get(name);
  // Some clients use the plural name, and an empty list has no other.
  if (list !== undefined || PLURALS.has(name)) return [list ?? name, items(node)];
  if (map !== undefined && typeof node === 'object') return [map, pairs(node)];
  return [name, typeof node === 'string' ? node : toValues(node)];
}

function items(node: Tree | string): unknown[] {
  // An empty list is sent as an empty text.
  if (typeof node === 'string') return node === '' ? [] : [node];
  const numbered = Object.entries(node).sort(([a], [b]) => Number(a) - Number(b));
  return numbered.map(([, item]) => (typeof item === 'string' ? item : toValues(item)));
}

function pairs(node: Tree): Record<string, unknown> {
  // A single pair need not be numbered.
  const all =
    typeof node['Name'] === 'string' || typeof node['Key'] === 'string' ? [toValues(node)] : items(node);
  return Object.fromEntries(all.map(pairOf));
}

function pairOf(pair: unknown): [name: string, value: unknown] {
  const { Name, Key, Value } = (typeof pair === 'object' ? pair : {}) as Record<string, unknown>;
  const name = Name ?? Key;
  if (typeof name === 'string') return [name, Value];
  throw new SqsError('SerializationException', 'A pair of parameters has no Name or Key.');
}
