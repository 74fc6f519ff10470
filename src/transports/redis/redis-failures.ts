import { messageOf, ToolboxError } from '../../base/index.js';

/** Replies by their first word. Those that a moment, or another server, may cure count as unreachable. */
const REPLIES: ReadonlyMap<string, { readonly passing: boolean; readonly advice: string }> = new Map([
  ['NOAUTH', { passing: false, advice: 'give user and password in broker_url' }],
  ['WRONGPASS', { passing: false, advice: 'check user and password in broker_url' }],
  ['NOPERM', { passing: false, advice: 'grant the user this command and these keys' }],
  [
    'OOM',
    { passing: false, advice: 'Redis has reached its maxmemory: nothing was stored; raise it, or consume' },
  ],
  ['MISCONF', { passing: false, advice: 'Redis cannot save to disk and accepts no writes' }],
  ['READONLY', { passing: true, advice: 'it is a read-only replica: a failover, or the wrong address' }],
  ['LOADING', { passing: true, advice: 'it is still loading its data' }],
  ['MASTERDOWN', { passing: true, advice: 'its master is down' }],
  ['BUSY', { passing: true, advice: 'it is busy with a script' }],
  ['TRYAGAIN', { passing: true, advice: 'it moves keys' }],
]);

/** True for what Redis answered, as opposed to a connection that failed. */
const isReply = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError';

/** True when this connection should be given up for a new one: it leads to the wrong server. */
export const leadsAstray = (error: unknown): boolean =>
  isReply(error) && /^(READONLY|MASTERDOWN)\b/.test(error.message);

/** An error of the driver as ours. The driver's own is not kept: it holds the command with its arguments. */
export function translateFailure(error: unknown, what: string, url: string): ToolboxError {
  if (error instanceof ToolboxError) return error;
  const text = messageOf(error);
  const cause = new Error(text);
  if (!isReply(error)) {
    return new ToolboxError('BROKER_UNREACHABLE', `${what}: Redis at ${url} cannot be reached: ${text}`, {
      cause,
      fields: { url },
    });
  }
  const word = /^[A-Z]+/.exec(text)?.[0] ?? '';
  const known =
    REPLIES.get(word) ?? (/invalid password|\bAUTH\b/i.test(text) ? REPLIES.get('WRONGPASS') : undefined);
  return new ToolboxError(
    known?.passing ? 'BROKER_UNREACHABLE' : 'BROKER_REFUSED',
    `${what}: Redis at ${url} refuses: ${text}${known ? ` (${known.advice})` : ''}`,
    { cause, fields: { url, reply: word } },
  );
}
