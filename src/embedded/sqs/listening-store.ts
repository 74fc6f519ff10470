import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Clock,
  type Logger,
  messageOf,
  silentLogger,
  systemClock,
  ToolboxError,
} from '../../base/index.js';
import { FaultDial } from './faults.js';
import { Dispatcher } from './http/dispatcher.js';
import { Journal } from './journal/journal.js';
import { noLog } from './journal/log-record.js';
import type { SqsServerOptions } from './options.js';
import { Store } from './store/store.js';

const HOST = '127.0.0.1';

/** The parts of a server that runs. */
export interface ListeningStore {
  readonly port: number;
  /** Ends long polls, lets running calls end within `deadlineMs`, then closes everything. */
  close(deadlineMs: number): Promise<void>;
}

/** @throws ToolboxError EMBEDDED_FAILED */
export async function openStore(options: SqsServerOptions): Promise<ListeningStore> {
  const { region = 'us-east-1', accountId = '000000000000', dataDir, durability = 'write' } = options;
  const clock: Clock = options.clock ?? systemClock;
  const logger: Logger = options.logger ?? silentLogger;
  const opened = dataDir === undefined ? undefined : Journal.open({ folder: dataDir, durability, logger });
  const journal = opened?.journal;
  const store = new Store({ clock, log: journal ?? noLog, arnPrefix: `arn:aws:sqs:${region}:${accountId}` });
  opened?.image.restore(store);
  const dispatcher = new Dispatcher({
    store,
    faults: new FaultDial(options.faults),
    clock,
    logger,
    accountId,
    ready: async () => journal?.ready(),
    committed: async () => {
      await journal?.flushed();
      journal?.compactIfPast(
        () => store.liveBytes,
        () => store.records(),
      );
    },
  });
  // Long polls keep an idle connection for 20 s; the SDKs keep theirs longer than Node's five.
  const http = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
    void dispatcher.handle(request, response);
  });
  try {
    const port = await listen(http, options.port ?? 0);
    return {
      port,
      close: async (deadlineMs) => {
        dispatcher.dismiss();
        await closeHttp(http, deadlineMs, clock);
        await journal?.close();
      },
    };
  } catch (error) {
    await journal?.close();
    throw error;
  }
}

async function listen(http: Server, port: number): Promise<number> {
  try {
    http.listen(port, HOST);
    await once(http, 'listening');
  } catch (error) {
    throw new ToolboxError(
      'EMBEDDED_FAILED',
      `The embedded SQS server cannot listen on ${HOST}:${port}: ${messageOf(error)}`,
      { cause: error, fields: { port } },
    );
  }
  return (http.address() as AddressInfo).port;
}

async function closeHttp(http: Server, deadlineMs: number, clock: Clock): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    http.close(() => resolve());
  });
  const cancel = clock.after(deadlineMs, () => http.closeAllConnections());
  // Answers to the long polls that have just ended go out first; an idle connection is closed at once.
  await Promise.race([closed, new Promise((resolve) => setImmediate(resolve))]);
  http.closeIdleConnections();
  await closed;
  cancel();
}
