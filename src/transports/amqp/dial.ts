import { hostname } from 'node:os';
import type { ChannelModel } from 'amqplib';
import { hasCode, type Logger, messageOf, ToolboxError } from '../../base/index.js';
import type { AmqpOptions } from './amqp-options.js';
import { connectError } from './broker-errors.js';
import type { BrokerAddress } from './broker-url.js';
import { type AmqpDriver, connectionOf } from './driver.js';
import { repairUnreadableFrames } from './frame-repair.js';
import { gatherWrites, WRITE_BUFFER_BYTES } from './gather-writes.js';

/** Opens one connection; the address after the last good one comes first when that fails. */
export type Dial = (signal: AbortSignal) => Promise<ChannelModel>;

export interface DialContext {
  readonly driver: AmqpDriver;
  readonly addresses: readonly [BrokerAddress, ...BrokerAddress[]];
  readonly options: AmqpOptions;
  readonly logger: Logger;
  /** Shown by the broker's management pages beside the connection. */
  readonly name: string;
}

/** Makes a dialler over the failover list. It throws BROKER_REFUSED or BROKER_UNREACHABLE. */
export function createDial(context: DialContext): Dial {
  const { options, addresses } = context;
  const inOrder = (): readonly BrokerAddress[] => (options.shuffle ? shuffled(addresses) : addresses);
  let order = inOrder();
  let next = 0;
  return async (signal) => {
    const errors: ToolboxError[] = [];
    for (let tried = 0; tried < order.length; tried += 1) {
      signal.throwIfAborted();
      if (next >= order.length) [order, next] = [inOrder(), 0];
      const address = order[next] ?? addresses[0];
      try {
        return await dialOne(context, address, signal);
      } catch (error) {
        signal.throwIfAborted();
        errors.push(connectError(error, address.shown, address.vhost));
        next += 1;
      }
    }
    throw summary(errors);
  };
}

function shuffled<T>(items: readonly T[]): T[] {
  const left = [...items];
  const mixed: T[] = [];
  while (left.length > 0) mixed.push(...left.splice(Math.floor(Math.random() * left.length), 1));
  return mixed;
}

function summary(errors: readonly ToolboxError[]): ToolboxError {
  const [first] = errors;
  if (first !== undefined && errors.length === 1) return first;
  const code = errors.some((error) => hasCode(error, 'BROKER_REFUSED'))
    ? 'BROKER_REFUSED'
    : 'BROKER_UNREACHABLE';
  return new ToolboxError(code, errors.map(messageOf).join('; '), { cause: new AggregateError(errors) });
}

async function dialOne(
  context: DialContext,
  address: BrokerAddress,
  signal: AbortSignal,
): Promise<ChannelModel> {
  const { driver, options, logger, name } = context;
  const dialled = driver.connect(
    {
      protocol: address.tls || options.tls ? 'amqps' : 'amqp',
      hostname: address.host,
      port: address.port,
      username: address.user,
      password: address.password,
      // The client decodes it also when it is not part of a URL.
      vhost: encodeURIComponent(address.vhost),
      heartbeat: options.heartbeatSeconds,
    },
    {
      // Handed on to the socket, whose type the client narrows.
      ...{ writableHighWaterMark: WRITE_BUFFER_BYTES },
      ...options.tlsOptions,
      noDelay: true,
      keepAlive: true,
      timeout: options.connectTimeoutMs,
      ...credentialsOf(driver, options, address),
      clientProperties: { connection_name: `${name}@${hostname()}`, ...options.clientProperties },
    },
  );
  const model = await abortable(dialled, signal);
  gatherWrites(connectionOf(model));
  repairUnreadableFrames(connectionOf(model), (what) =>
    logger.warn({ what }, 'a message header the AMQP client cannot read was repaired'),
  );
  return model;
}

/** The client's own choice is PLAIN. */
function credentialsOf(
  { credentials }: AmqpDriver,
  { loginMethod }: AmqpOptions,
  { user, password }: BrokerAddress,
): { readonly credentials?: { mechanism: string; response(): Buffer } } {
  switch (loginMethod) {
    case 'PLAIN':
      return {};
    case 'AMQPLAIN':
      return { credentials: credentials.amqplain(user, password) };
    case 'EXTERNAL':
      return { credentials: credentials.external() };
  }
}

/** The client cannot be interrupted: a connection that arrives after the abort is closed again. */
async function abortable(dialled: Promise<ChannelModel>, signal: AbortSignal): Promise<ChannelModel> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      dialled.then((late) => late.on('error', () => {}).close()).catch(() => {});
      reject(
        signal.reason instanceof Error
          ? signal.reason
          : new ToolboxError('ABORTED', 'connecting was given up'),
      );
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([dialled, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
