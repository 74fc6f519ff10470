import { CeleryApp, type SettingsInput } from '../../../../src/app/index.js';
import type { Clock, Logger } from '../../../../src/base/index.js';
import { ToolboxError } from '../../../../src/base/index.js';
import type { Transport } from '../../../../src/messaging/index.js';
import type { ResultBackend } from '../../../../src/results/index.js';
import { createMemoryResultBackend } from '../../../../src/results/memory/index.js';
import { MemoryHub, memoryTransports } from '../../../../src/transports/memory/index.js';

/** An app on queues and results in memory, whose broker and store can be made to fail. */
export interface Place {
  readonly app: CeleryApp;
  /** While set, the store refuses everything with it. */
  storeFailure: ToolboxError | undefined;
  /** While set, the broker cannot be opened. */
  brokerFailure: ToolboxError | undefined;
  readonly transport: () => Transport;
}

export interface PlaceOptions {
  readonly settings?: SettingsInput;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

export const unreachable = (code: 'BROKER_UNREACHABLE' | 'RESULT_BACKEND_UNREACHABLE'): ToolboxError =>
  new ToolboxError(code, 'nobody there');

export function place({ settings = {}, clock, logger }: PlaceOptions = {}): Place {
  const open = memoryTransports(new MemoryHub());
  let transport: Transport | undefined;
  const here: Place = {
    app: new CeleryApp('unit', {
      transports: new Map([
        [
          'memory',
          async () => async (context) => {
            if (here.brokerFailure) throw here.brokerFailure;
            transport = await open(context);
            return transport;
          },
        ],
      ]),
      backends: new Map([
        ['memory', async () => async (context) => failing(await createMemoryResultBackend(context), here)],
      ]),
      settings: { broker_url: 'memory://', result_backend: 'memory://', ...settings },
      ...(clock && { clock }),
      ...(logger && { logger }),
    }),
    storeFailure: undefined,
    brokerFailure: undefined,
    transport: () => {
      if (transport === undefined) throw new Error('the broker is not open');
      return transport;
    },
  };
  return here;
}

/** The same store, with an outage that is switched by hand: a real one cannot be stopped and started within a tick. */
function failing(backend: ResultBackend, here: Place): ResultBackend {
  return new Proxy(backend, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (here.storeFailure && (name === 'store' || name === 'get'))
          return Promise.reject(here.storeFailure);
        return (value as (...args: unknown[]) => unknown).apply(target, args);
      };
    },
  });
}
