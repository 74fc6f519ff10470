import { ToolboxError } from '../../base/index.js';
import type { TransportContext, TransportFactory } from '../../messaging/index.js';
import { VirtualTransport } from '../virtual/index.js';
import { MemoryHub } from './memory-hub.js';
import { MemoryStore } from './memory-store.js';

/**
 * A factory of transports that share `hub`: `memory://` is one broker, `memory://name` another. Give each registry its
 * own hub, and two programs in one process do not meet unless they are meant to.
 *
 * Transport options: `hub` (a MemoryHub, instead of the factory's), `visibility_timeout` (seconds a message is held
 * under a lease; default: until it is settled).
 */
export function memoryTransports(hub = new MemoryHub()): TransportFactory {
  return async ({ url, options, clock, logger }: TransportContext) => {
    const name = /^memory:\/\/([^/?#]*)/.exec(url)?.[1] ?? '';
    const shared = options.hub instanceof MemoryHub ? options.hub : hub;
    const store = new MemoryStore({
      broker: shared.broker(name),
      clock,
      url: `memory://${name}`,
      leaseSeconds: seconds(options.visibility_timeout),
    });
    return new VirtualTransport(store, { clock, logger });
  };
}

/** One transport with a broker of its own, unless `broker_transport_options.hub` hands one in. */
export const createMemoryTransport: TransportFactory = (context) => memoryTransports()(context);

function seconds(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value === 'number' && value >= 0) return value;
  throw new ToolboxError(
    'CONFIG_INVALID',
    `broker_transport_options.visibility_timeout: expected a number of seconds, got ${JSON.stringify(value)}`,
    { fields: { option: 'visibility_timeout' } },
  );
}
