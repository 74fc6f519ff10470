import {
  type App,
  decodeContext,
  decodeTaskMessage,
  type TaskCall,
  type TaskMessage,
} from '../../../app/index.js';
import { MASK, messageOf } from '../../../base/index.js';
import type { Delivery } from '../../../messaging/index.js';
import { type KeptMessage, sentTo } from '../../messages/index.js';
import type { Post } from '../../outbox/index.js';
import type { ParametersOf } from '../parameters.js';
import type { RetryFacts } from './retry-facts.js';

type Parameters = ParametersOf<'task.retry'>;

/** What belonged to earlier attempts, or was noted by brokers. */
const OF_ATTEMPTS = /^x-(first-|last-)?death|^x-(delivery|worker-lost)-count$|^redelivered$/;

/**
 * The message that runs a task again, under its id or (`newId`) another one; or why there is none, in words. It is made from
 * the message as it came, which the platform kept; without that from the task table, when nothing in there is hidden.
 */
export async function retryPost(
  app: App,
  facts: RetryFacts,
  kept: KeptMessage | undefined,
  { args, kwargs }: Parameters,
  newId: string | undefined,
): Promise<Post | string> {
  const edited = args !== undefined || kwargs !== undefined;
  const base = { family: facts.root, task: facts.type };
  const marked = { resets: newId === undefined && facts.status !== 'PENDING', before: facts.done };
  if (kept !== undefined && newId === undefined && !edited) {
    return { ...base, ...marked, taskId: facts.id, message: asItCame(app, facts, kept) };
  }
  const call = kept === undefined ? fromTable(facts, edited) : await fromMessage(app, facts, kept);
  if (typeof call === 'string') return call;
  const wanted = { args: args ?? call.args, kwargs: kwargs ?? call.kwargs };
  const misfit = edited ? await misfitOf(app, facts.type, wanted) : undefined;
  if (misfit !== undefined) return misfit;
  const options = newId === undefined ? call.options : linked(call.options, facts.id);
  return {
    ...base,
    ...marked,
    taskId: newId ?? facts.id,
    call: {
      ...wanted,
      options: edited ? withoutTexts(options) : options,
    },
  };
}

/** Without what tells of arguments that are others now. */
const withoutTexts = ({
  argsrepr: _a,
  kwargsrepr: _k,
  ...options
}: TaskCall['options']): TaskCall['options'] => options;

/** Why edited arguments do not fit the task, where it is known here. */
async function misfitOf(
  app: App,
  task: string,
  { args, kwargs }: Pick<TaskCall, 'args' | 'kwargs'>,
): Promise<string | undefined> {
  try {
    await app.tasks.get(task)?.check?.(args, kwargs);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** The same bytes, whatever they are: signed, encrypted or pickled. */
function asItCame(
  app: App,
  { id, type }: RetryFacts,
  { exchange, routingKey, ...kept }: KeptMessage,
): NonNullable<Post['message']> {
  const headers = Object.entries({ ...kept.headers, retries: 0, eta: null, expires: null });
  return {
    ...sentTo(app, type, { exchange, routingKey }),
    content: {
      ...kept,
      headers: Object.fromEntries(headers.filter(([name]) => !OF_ATTEMPTS.test(name))),
      properties: { ...kept.properties, correlation_id: id },
    },
  };
}

const linked = (options: TaskCall['options'], id: string): TaskCall['options'] => ({
  ...options,
  headers: { ...options.headers, retried_from: id },
});

async function fromMessage(app: App, { id }: RetryFacts, kept: KeptMessage): Promise<TaskCall | string> {
  const { exchange, routingKey } = kept;
  const info = { exchange, routingKey, queue: '', redelivered: false, priority: null };
  try {
    const message = await decodeTaskMessage({ ...kept, info } as unknown as Delivery, decodeContext(app));
    return callOf(message, sentTo(app, message.task, { exchange, routingKey }));
  } catch (error) {
    return `its message cannot be read here, so no new one can be made: ${messageOf(error)}. Retry it under its own id (${id}), unchanged`;
  }
}

/** The call a message was made from, as far as it belongs to the task and not to an attempt of it. */
function callOf(
  message: TaskMessage,
  { exchange, routingKey }: { exchange: string; routingKey: string },
): TaskCall {
  const { callbacks, errbacks, chain, chord } = message.embed;
  const [time_limit, soft_time_limit] = message.timelimit;
  return {
    task: message.task,
    args: message.args,
    kwargs: message.kwargs,
    options: {
      ...message.customProperties,
      ...(exchange === '' ? { queue: routingKey } : { exchange, routing_key: routingKey }),
      parent_id: message.parentId,
      group_id: message.groupId,
      group_index: message.groupIndex,
      time_limit,
      soft_time_limit,
      ...(callbacks && { link: callbacks }),
      ...(errbacks && { link_error: errbacks }),
      ...(chain && { chain }),
      ...(chord && { chord }),
      ...(message.shadow !== null && { shadow: message.shadow }),
      ...(message.ignoreResult !== null && { ignore_result: message.ignoreResult }),
      ...(message.replyTo !== null && { reply_to: message.replyTo }),
      argsrepr: message.argsrepr,
      kwargsrepr: message.kwargsrepr,
      ...(message.stampedHeaders && { stamped_headers: message.stampedHeaders, stamps: message.stamps }),
      priority: message.priority,
      headers: Object.fromEntries(
        Object.entries(message.customHeaders).filter(([name]) => !OF_ATTEMPTS.test(name)),
      ),
    },
  };
}

/** Standard properties and what belongs to one message; the rest of a row's options are the call's own. */
const NOT_OPTIONS = new Set([
  'correlation_id',
  'content_type',
  'content_encoding',
  'delivery_info',
  'delivery_mode',
  'eta',
  'expires',
  'expiration',
  'headers',
  'replaced_task_nesting',
  'retries',
  'sqs_message',
  'sqs_queue',
  'delivery_tag',
  'body_encoding',
  'timelimit',
  'task',
]);

/** From what may be shown of a task: enough when nothing is hidden in it, and nothing follows it that the row would not tell. */
function fromTable({ type, input, options, parent }: RetryFacts, edited: boolean): TaskCall | string {
  const { args = [], kwargs = {} } = input;
  if (!edited && isAltered({ args, kwargs })) {
    return 'its message was not kept, and what the task table shows of its arguments is not all of them: give the arguments';
  }
  const [time_limit, soft_time_limit] = Array.isArray(options.timelimit) ? options.timelimit : [];
  const own = Object.entries(options).filter(([name]) => !NOT_OPTIONS.has(name));
  return {
    task: type,
    args: Array.isArray(args) ? args : [],
    kwargs: kwargs as Readonly<Record<string, unknown>>,
    options: {
      ...Object.fromEntries(own),
      parent_id: parent,
      ...(typeof time_limit === 'number' && { time_limit }),
      ...(typeof soft_time_limit === 'number' && { soft_time_limit }),
    },
  };
}

/** True when something was masked, encrypted or put into words on its way into the table. */
const isAltered = (input: object): boolean => {
  const text = JSON.stringify(input);
  return (
    text.includes(MASK) ||
    text.includes('<encrypted>') ||
    text.includes('"__type__"') ||
    text.includes('\u2400')
  );
};
