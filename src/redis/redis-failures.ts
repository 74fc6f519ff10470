import { messageOf, ToolboxError } from '../base/index.js';
import type { RedisPurpose } from './redis-purpose.js';

/** Replies by their first word. Those that a moment, or another server, may cure count as unreachable. */
const REPLIES: ReadonlyMap<string, { readonly passing: boolean; readonly advice: string }> = new Map([
  ['NOAUTH', { passing: false, advice: 'give user and password in {url}' }],
  ['WRONGPASS', { passing: false, advice: 'check user and password in {url}' }],
  ['NOPERM', { passing: false, advice: 'grant the user this command and these keys' }],
  [
    'OOM',
    { passing: false, advice: 'Redis has reached its maxmemory: nothing was stored; raise it, or make room' },
  ],
  ['MISCONF', { passing: false, advice: 'Redis cannot save to disk and accepts no writes' }],
  ['READONLY', { passing: true, advice: 'it is a read-only replica: a failover, or the wrong address' }],
  ['LOADING', { passing: true, advice: 'it is still loading its data' }],
  ['MASTERDOWN', { passing: true, advice: 'its master is down' }],
  ['BUSY', { passing: true, advice: 'it is busy with a script' }],
  ['MOVED', { passing: true, advice: 'the keys are on another node of a cluster: use rediscluster://' }],
  ['CLUSTERDOWN', { passing: true, advice: 'the cluster is down, or in the middle of a failover' }],
  ['ASK', { passing: true, advice: 'the cluster moves the keys to another node' }],
  [
    'CROSSSLOT',
    { passing: false, advice: 'on a cluster use rediscluster:// and a hash tag in global_keyprefix' },
  ],
  ['TRYAGAIN', { passing: true, advice: 'it moves keys' }],
]);

/** Node's codes for a peer that is not who it should be, or speaks no TLS. */
const UNTRUSTED = /^(ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/** True for what Redis answered, as opposed to a connection that failed. */
const isReply = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError';

/** True when this connection should be given up for a new one: it leads to the wrong server. */
export const leadsAstray = (error: unknown): boolean =>
  isReply(error) && /^(READONLY|MASTERDOWN|MOVED)\b/.test(error.message);

/** An error of the driver as ours. The driver's own is not kept: it holds the command with its arguments. */
export function translateFailure(
  error: unknown,
  what: string,
  url: string,
  purpose: RedisPurpose,
): ToolboxError {
  if (error instanceof ToolboxError) return error;
  const text = messageOf(error);
  const cause = new Error(text);
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (typeof code === 'string' && UNTRUSTED.test(code)) {
    const advice = `check the scheme of ${purpose.url} and the certificates in ${purpose.tls}`;
    return new ToolboxError(purpose.refused, `${what}: no TLS with Redis at ${url}: ${text} (${advice})`, {
      cause,
      fields: { url, code },
    });
  }
  if (!isReply(error)) {
    return new ToolboxError(purpose.unreachable, `${what}: Redis at ${url} cannot be reached: ${text}`, {
      cause,
      fields: { url },
    });
  }
  const word = /^[A-Z]+/.exec(text)?.[0] ?? '';
  const known =
    REPLIES.get(word) ?? (/invalid password|\bAUTH\b/i.test(text) ? REPLIES.get('WRONGPASS') : undefined);
  return new ToolboxError(
    known?.passing ? purpose.unreachable : purpose.refused,
    `${what}: Redis at ${url} refuses: ${text}${known ? ` (${known.advice.replace('{url}', purpose.url)})` : ''}`,
    { cause, fields: { url, reply: word } },
  );
}
