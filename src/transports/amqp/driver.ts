import type { Duplex } from 'node:stream';
import type { ChannelModel, connect } from 'amqplib';
import { ToolboxError } from '../../base/index.js';

export interface AmqpDriver {
  readonly connect: typeof connect;
}

/** The parts of amqplib's connection that its types leave out; each use checks that they are there. */
export interface DriverConnection {
  readonly stream?: Duplex & { destroy(): unknown };
  rest?: Buffer;
  recvFrame?: () => unknown;
}

/** The connection beneath a model. */
export const connectionOf = (model: ChannelModel): DriverConnection => model.connection as DriverConnection;

/** Loads amqplib when the first RabbitMQ transport is made. Throws DRIVER_MISSING. */
export async function loadDriver(
  load: () => Promise<AmqpDriver> = () => import('amqplib'),
): Promise<AmqpDriver> {
  try {
    return await load();
  } catch (cause) {
    throw new ToolboxError(
      'DRIVER_MISSING',
      'RabbitMQ needs the package amqplib, which is not installed: npm install amqplib@2',
      { cause, fields: { package: 'amqplib', install: 'npm install amqplib@2' } },
    );
  }
}
