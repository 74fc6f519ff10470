import type { AppSurroundings } from '../../app/index.js';
import type { Clock } from '../../base/index.js';
import type { Transport, TransportContext } from '../../messaging/index.js';
import type { ResultBackend } from '../../results/index.js';

/** The adapters of an app, whatever its URLs are. */
export function surroundings(
  clock: Clock,
  transport: (context: TransportContext) => Transport,
  backend: () => ResultBackend,
): AppSurroundings {
  const mark = { inProcess: true };
  return {
    clock,
    transports: everyScheme(
      Object.assign(async () => async (context: TransportContext) => transport(context), mark),
    ),
    backends: everyScheme(Object.assign(async () => async () => backend(), mark)),
  };
}

/** A registry that has the same for every scheme. */
const everyScheme = <T>(loader: T): ReadonlyMap<string, T> =>
  new (class extends Map<string, T> {
    override get(): T {
      return loader;
    }
  })();
