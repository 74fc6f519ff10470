import { messageOf, ToolboxError } from '../../base/index.js';
import type { Destination } from '../../messaging/index.js';

const place = ({ exchange, routingKey }: Destination): Destination => ({ exchange, routingKey });

const where = ({ exchange, routingKey }: Destination): string =>
  `publishing to exchange '${exchange}' with key '${routingKey}'`;

/** The caller gave up. */
export const abortedError = (to: Destination, cause: unknown): ToolboxError =>
  new ToolboxError('ABORTED', `${where(to)} was given up by the caller`, { cause, fields: { ...place(to) } });

/** The client cannot write the message. */
export function unwritableError(to: Destination, cause: unknown): ToolboxError {
  const tooLarge = messageOf(cause).includes('encoding buffer');
  return new ToolboxError(
    tooLarge ? 'BUDGET_EXCEEDED' : 'ENCODE_FAILED',
    tooLarge
      ? `${where(to)}: the headers exceed 65536 bytes; put large values in the body`
      : `${where(to)}: the message cannot be written: ${messageOf(cause)}`,
    { cause, fields: { ...place(to) } },
  );
}

/** The broker answered a publish with a nack. */
export const nackedError = (to: Destination, cause: unknown): ToolboxError =>
  new ToolboxError(
    'BROKER_REFUSED',
    `${where(to)}: the broker took no responsibility; a queue is full or failed`,
    {
      cause,
      fields: { ...place(to) },
    },
  );

/** The broker sent the message back. */
export const unroutableError = (to: Destination): ToolboxError =>
  new ToolboxError(
    'UNROUTABLE',
    to.exchange === ''
      ? `there is no queue '${to.routingKey}': declare it before publishing`
      : `no queue is bound to exchange '${to.exchange}' for key '${to.routingKey}': declare one before publishing`,
    { fields: { ...place(to) } },
  );

/** Taps alone would take it: the broker would accept a task that nobody runs. */
export const onlyTapsError = (to: Destination): ToolboxError =>
  new ToolboxError(
    'UNROUTABLE',
    `only taps of exchange '${to.exchange}' would take key '${to.routingKey}': declare the queue that is to run it`,
    { fields: { ...place(to) } },
  );

export interface Lateness {
  readonly seconds: number;
  /** The broker's reason for accepting nothing. */
  readonly blocked: string | undefined;
  readonly connected: boolean;
  readonly sent: boolean;
  readonly cause: unknown;
}

/** No confirm came in time. */
export function lateError(
  to: Destination,
  { seconds, blocked, connected, sent, cause }: Lateness,
): ToolboxError {
  const fields = { ...place(to), seconds, sent };
  const doubt = sent ? '; it was sent, and may still be accepted' : '';
  if (blocked !== undefined) {
    const message = `${where(to)}: the broker accepts no messages: ${blocked}${doubt}`;
    return new ToolboxError('BROKER_REFUSED', message, { fields });
  }
  const why = connected ? 'no confirm' : `no connection (${messageOf(cause)})`;
  const message = `${where(to)}: ${why} within ${seconds} s${doubt}`;
  return new ToolboxError('BROKER_UNREACHABLE', message, { cause, fields });
}
