import type { ResultBackendLoader } from '../../src/results/index.js';
import { createMemoryResultBackend, type MemoryResultBackend } from '../../src/results/memory/index.js';
import { MemoryHub, memoryTransports } from '../../src/transports/memory/index.js';
import { exerciseWorker } from './worker/exercise-worker.js';

exerciseWorker('memory', {
  place: () => {
    const hub = memoryTransports(new MemoryHub());
    // Apps of one case share the store, as processes share a database: closing one app must not empty it.
    let shared: ReturnType<typeof createMemoryResultBackend> | undefined;
    const backend: ResultBackendLoader = async () => async (context) => {
      shared ??= createMemoryResultBackend(context);
      return new Proxy((await shared) as MemoryResultBackend, {
        get: (target, name) => {
          if (name === 'close') return async () => {};
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    };
    return {
      adapters: {
        transports: new Map([['memory', async () => hub]]),
        backends: new Map([['cache+memory', backend]]),
      },
      settings: { broker_url: 'memory://', result_backend: 'cache+memory://' },
    };
  },
});
