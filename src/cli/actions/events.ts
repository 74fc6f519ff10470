import { receiveEvents } from '../../remote/index.js';
import { appFrom } from '../app-from.js';
import type { CliContext } from '../context.js';
import { EventLines } from '../event-lines.js';
import { Interrupted } from '../failure.js';
import type { GlobalOptions } from '../options/global-options.js';
import { aborted, stopSignal } from '../stop-signal.js';

export interface EventsFlags extends GlobalOptions {
  readonly dump?: boolean;
  readonly json?: boolean;
  readonly pattern: string;
}

/** Prints events until told to stop, which is how it is meant to end. */
export async function runEvents(
  { dump = false, json = false, pattern, ...flags }: EventsFlags,
  context: CliContext,
): Promise<void> {
  const stop = stopSignal();
  const app = await appFrom(flags);
  const lines = new EventLines(context, dump);
  try {
    const subscription = await receiveEvents(app, {
      pattern,
      onEvent: (event) => context.out.write(`${json ? JSON.stringify(event) : lines.of(event)}\n`),
    });
    if (!json) context.err.write('listening for events\n');
    await aborted(stop.signal).finally(() => subscription.close());
  } catch (error) {
    if (!(error instanceof Interrupted) || error.signal !== 'SIGINT') throw error;
  } finally {
    stop.release();
    await app.close();
  }
}
