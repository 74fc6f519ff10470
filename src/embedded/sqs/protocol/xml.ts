import type { Result } from '../actions/index.js';
import type { SqsError } from '../errors.js';

const NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/';

/** The element for each item of a list, by the list's name in JSON. `*` is the name of the action. */
const LIST_ITEM: Readonly<Record<string, string>> = {
  QueueUrls: 'QueueUrl',
  queueUrls: 'QueueUrl',
  Messages: 'Message',
  Successful: '*ResultEntry',
  Failed: 'BatchResultErrorEntry',
};

/** The element for each pair of a map, and how it calls the key. */
const MAP_ITEM: Readonly<Record<string, readonly [element: string, key: string]>> = {
  Attributes: ['Attribute', 'Name'],
  MessageAttributes: ['MessageAttribute', 'Name'],
  Tags: ['Tag', 'Key'],
};

/** Actions whose answer has no result element. Every other has one, if only an empty one: readers look for it. */
const WITHOUT_RESULT = new Set([
  'ChangeMessageVisibility',
  'DeleteMessage',
  'DeleteQueue',
  'PurgeQueue',
  'SetQueueAttributes',
  'TagQueue',
  'UntagQueue',
]);

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // An XML reader turns a bare carriage return into a line feed.
  '\r': '&#xD;',
};

const escapeText = (text: string): string => text.replace(/[&<>"\r]/g, (char) => ESCAPES[char] ?? char);

export function resultXml(action: string, result: Result, requestId: string): string {
  const inner = WITHOUT_RESULT.has(action) ? '' : wrap(`${action}Result`, elements(action, result));
  return (
    `<?xml version="1.0"?><${action}Response xmlns="${NAMESPACE}">${inner}` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`
  );
}

export function errorXml(error: SqsError, requestId: string): string {
  return (
    `<?xml version="1.0"?><ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${error.fault}</Type>` +
    `<Code>${escapeText(error.code)}</Code><Message>${escapeText(error.message)}</Message><Detail/></Error>` +
    `<RequestId>${requestId}</RequestId></ErrorResponse>`
  );
}

function elements(action: string, record: object): string {
  return Object.entries(record)
    .map(([name, value]: [string, unknown]) => element(action, name, value))
    .join('');
}

function element(action: string, name: string, value: unknown): string {
  if (Array.isArray(value)) {
    const item = (LIST_ITEM[name] ?? name).replace('*', action);
    return value.map((one: unknown) => wrap(item, content(action, one))).join('');
  }
  const map = MAP_ITEM[name];
  if (map !== undefined && typeof value === 'object' && value !== null) {
    const [item, key] = map;
    return Object.entries(value)
      .map(([k, v]: [string, unknown]) =>
        wrap(item, wrap(key, escapeText(k)) + wrap('Value', content(action, v))),
      )
      .join('');
  }
  return wrap(name, content(action, value));
}

const content = (action: string, value: unknown): string =>
  typeof value === 'object' && value !== null ? elements(action, value) : escapeText(String(value));

const wrap = (name: string, inner: string): string => `<${name}>${inner}</${name}>`;
