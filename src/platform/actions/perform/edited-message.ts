import { type App, decodeContext, decodeTaskMessage, type TaskMessage } from '../../../app/index.js';
import type { Delivery, Headers } from '../../../messaging/index.js';
import { argsRepr, kwargsRepr } from '../../../serialization/index.js';
import type { Post } from '../../outbox/index.js';
import type { QuarantinedRow } from '../../quarantine/index.js';
import type { ParametersOf } from '../parameters.js';

type Edits = NonNullable<ParametersOf<'quarantine.replay'>['edits']>;
type Content = NonNullable<Post['message']>['content'];

/** The message with its edits, under another id; or why there is none, in words. Headers given as null are left out. */
export async function editedMessage(
  app: App,
  row: QuarantinedRow,
  edits: Edits,
  newId: string,
): Promise<Post | string> {
  const headers = headersOf(row, edits, newId);
  const { task, root_id } = headers;
  if (typeof task !== 'string' || task === '') return 'it names no task: give the header task';
  const content = {
    ...(await contentOf(app, row, edits)),
    properties: { ...row.properties, correlation_id: newId },
  };
  const { queue } = row;
  const { destination, takers } = app.routeOf(task);
  // Where the task's own way leads to that queue, the platform hears of the new task too.
  const isWay =
    takers.some(({ name, tap }) => name === queue && tap !== true) && takers.some(({ tap }) => tap === true);
  return {
    taskId: newId,
    family: typeof root_id === 'string' ? root_id : newId,
    task,
    message: {
      ...(isWay ? destination : { exchange: '', routingKey: queue }),
      queue,
      content: { ...content, headers: present({ ...headers, ...content.headers }) },
    },
  };
}

function headersOf(row: QuarantinedRow, { headers: edits }: Edits, newId: string): Record<string, unknown> {
  const old = row.headers;
  const headers = { ...old, ...edits };
  const isRoot = old.root_id === undefined || old.root_id === null || old.root_id === old.id;
  const entries = Object.entries({
    ...headers,
    id: newId,
    root_id: isRoot ? newId : old.root_id,
    replayed_from: typeof old.id === 'string' ? old.id : null,
  }).filter(([name, value]) => !(edits !== undefined && name in edits && value === null));
  return Object.fromEntries(entries);
}

const present = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));

/** The body as it was, as it is given, or made from arguments; with the headers that tell of it. */
async function contentOf(
  app: App,
  row: QuarantinedRow,
  { args, kwargs, body }: Edits,
): Promise<Omit<Content, 'properties'> & { readonly headers: Headers }> {
  const { content_type: contentType, content_encoding: contentEncoding } = row;
  const json = { contentType: 'application/json', contentEncoding: 'utf-8' };
  if (body !== undefined) return { ...json, body: Buffer.from(body), headers: { compression: undefined } };
  if (args === undefined && kwargs === undefined)
    return { body: row.body, contentType, contentEncoding, headers: {} };
  const old = await decoded(app, row);
  const [newArgs, newKwargs] = [args ?? old?.args ?? [], kwargs ?? old?.kwargs ?? {}];
  const embed = old?.embed ?? { callbacks: null, errbacks: null, chain: null, chord: null };
  const encoded = await app.serializers.encodeMessage([newArgs, newKwargs, embed], { serializer: 'json' });
  return {
    body: encoded.body,
    contentType: encoded.contentType,
    contentEncoding: encoded.contentEncoding,
    headers: { compression: undefined, argsrepr: argsRepr(newArgs), kwargsrepr: kwargsRepr(newKwargs) },
  };
}

async function decoded(app: App, row: QuarantinedRow): Promise<TaskMessage | undefined> {
  const delivery = {
    body: row.body,
    contentType: row.content_type,
    contentEncoding: row.content_encoding,
    headers: row.headers,
    properties: row.properties,
    info: { exchange: '', routingKey: row.queue, queue: row.queue, redelivered: false, priority: null },
  } as unknown as Delivery;
  try {
    return await decodeTaskMessage(delivery, decodeContext(app));
  } catch {
    // What cannot be read is why it is here.
    return undefined;
  }
}
