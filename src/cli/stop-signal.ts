import { Interrupted } from './failure.js';

/** The wish to stop, as one abort signal. */
export interface StopSignal {
  /** Aborts with an Interrupted. */
  readonly signal: AbortSignal;
  /** Gives the process's signals back. */
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Takes the process's stop signals until released; the second one ends the process as if nobody listened. */
export function stopSignal(): StopSignal {
  const told = new AbortController();
  const release = (): void => {
    for (const name of SIGNALS) process.off(name, onSignal);
  };
  const onSignal = (name: NodeJS.Signals): void => {
    release();
    told.abort(new Interrupted(name));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return { signal: told.signal, release };
}

/** Rejects with the signal's reason once it aborts. */
export const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
