import type { App } from '../app/index.js';
import { newId, ToolboxError } from '../base/index.js';
import { type Bus, type ControlRequest, globMatches } from '../bus/index.js';

/** Whom a command is for, and how long its replies are waited for. */
export interface ControlOptions {
  /** Node names. Default: every node. */
  readonly destination?: readonly string[];
  /** Nodes by name pattern, as an alternative. */
  readonly pattern?: string;
  /** How `pattern` is read. Default `glob`. */
  readonly matcher?: 'glob' | 'pcre';
  /** Wait for replies. Default true. */
  readonly reply?: boolean;
  /** Seconds without a further reply after which the waiting ends. Default 1. */
  readonly timeout?: number;
  /** Replies after which the waiting ends. Default: the number of destinations. */
  readonly limit?: number;
  /** Told of each reply as it comes. */
  readonly onReply?: (node: string, reply: unknown) => void;
  readonly signal?: AbortSignal;
}

/** Answers by node name; two nodes of one name are told apart by nobody: the later one's stands. */
export type Replies<R = unknown> = Readonly<Record<string, R>>;

/**
 * Sends a command to the workers and collects their answers. Resolves with `{}` when none came, or none was wanted.
 *
 * @throws CONFIG_INVALID when there is no way to the workers; BROKER_UNREACHABLE, BROKER_REFUSED, STORE_UNREACHABLE or
 * STORE_REFUSED when it cannot be used.
 */
export async function broadcast<R = unknown>(
  app: App,
  method: string,
  args: Readonly<Record<string, unknown>>,
  options: ControlOptions = {},
): Promise<Replies<R>> {
  const bus = await busOf(app, options.signal);
  const { destination = null, pattern = null, matcher = 'glob', reply = true, timeout = 1 } = options;
  const request: ControlRequest = {
    method,
    arguments: args,
    destination,
    pattern,
    matcher: pattern === null ? null : matcher,
    ticket: null,
    reply_to: null,
  };
  if (reply) return collect<R>(app, bus, request, options);
  await bus.send(request, { clock: app.lamport.forward(), ttlSeconds: timeout });
  return {};
}

/** The app's bus. @throws CONFIG_INVALID when it has none. */
export async function busOf(app: App, signal?: AbortSignal): Promise<Bus> {
  const bus = await app.bus(signal);
  if (bus !== undefined) return bus;
  throw new ToolboxError(
    'CONFIG_INVALID',
    'remote control and events need RabbitMQ, Redis, or a PostgreSQL database: this broker has no broadcast; set ' +
      'CONTROL_DB_URL, or a result_backend in PostgreSQL',
    { fields: { setting: 'CONTROL_DB_URL' } },
  );
}

async function collect<R>(
  app: App,
  bus: Bus,
  request: ControlRequest,
  { timeout = 1, limit = request.destination?.length, onReply, signal }: ControlOptions,
): Promise<Replies<R>> {
  const ticket = newId();
  const replies = new Map<string, R>();
  let count = 0;
  let next = new AbortController();
  const box = await bus.openReplies(({ ticket: of, clock, body }) => {
    app.lamport.adjust(clock);
    if (of !== null && of !== ticket) return;
    for (const [node, answer] of Object.entries(body)) {
      replies.set(node, answer as R);
      onReply?.(node, answer);
    }
    count += 1;
    next.abort();
  });
  try {
    const clock = app.lamport.forward();
    await bus.send({ ...request, ticket, reply_to: box.address }, { clock, ttlSeconds: timeout });
    while (!limit || count < limit) {
      const before = count;
      next = new AbortController();
      const both = signal === undefined ? next.signal : AbortSignal.any([signal, next.signal]);
      await app.clock.sleep(timeout * 1000, both).catch(() => undefined);
      signal?.throwIfAborted();
      if (count === before) break;
    }
  } finally {
    await box.close();
  }
  return Object.fromEntries([...replies].filter(([node]) => answersPattern(node, request)));
}

/** Workers of other makes may answer although a glob does not mean them. */
const answersPattern = (node: string, { pattern, matcher }: ControlRequest): boolean =>
  pattern === null || matcher !== 'glob' || globMatches(pattern, node);
