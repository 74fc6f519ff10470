/** Where replies go: a direct exchange and the key of the controller's own queue. */
export interface ReplyAddress {
  readonly exchange: string;
  readonly routing_key: string;
}

/** A command as it travels, under kombu's names (protocol section 9.2). */
export interface ControlRequest {
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Node names; null: everybody, or who matches `pattern`. */
  readonly destination: readonly string[] | null;
  readonly pattern: string | null;
  /** How `pattern` is read: `glob` or `pcre`. */
  readonly matcher: string | null;
  /** Which call a reply belongs to. With `reply_to`: a reply is wanted. */
  readonly ticket: string | null;
  readonly reply_to: ReplyAddress | null;
}

/** A command with what came beside it. */
export interface ReceivedRequest extends ControlRequest {
  readonly clock: number;
  /** Who sent it, where anybody says so: the database's user, or what the sender calls itself. */
  readonly sender: string | null;
}

export interface ReceivedReply {
  readonly ticket: string | null;
  readonly clock: number;
  /** One node's answer by its name. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Seconds a revoke holds (Celery's `REVOKE_EXPIRES`). */
export const REVOKE_HOLDS_SECONDS = 10_800;

/** Commands that hold for those who come later as well. */
export const isRevoke = (method: string): boolean =>
  method === 'revoke' || method === 'terminate' || method === 'revoke_by_stamped_headers';

/** Reads a command; undefined when it is none. */
export function readRequest(
  value: unknown,
  { clock, sender }: { readonly clock: unknown; readonly sender: unknown },
): ReceivedRequest | undefined {
  if (!isRecord(value) || typeof value.method !== 'string') return undefined;
  const { method, destination } = value;
  return {
    method,
    arguments: isRecord(value.arguments) ? value.arguments : {},
    destination: Array.isArray(destination) ? destination.filter((name) => typeof name === 'string') : null,
    pattern: textOf(value.pattern),
    matcher: textOf(value.matcher),
    ticket: textOf(value.ticket),
    reply_to: addressOf(value.reply_to),
    clock: typeof clock === 'number' ? clock : 0,
    sender: textOf(sender),
  };
}

function addressOf(value: unknown): ReplyAddress | null {
  if (!isRecord(value)) return null;
  const { exchange, routing_key } = value;
  return typeof exchange === 'string' && typeof routing_key === 'string' ? { exchange, routing_key } : null;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
