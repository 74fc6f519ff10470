import { type Clock, type Logger, messageOf } from '../../base/index.js';
import type { Engine } from '../engine.js';

/** Milliseconds tasks get to end after their signals were aborted. */
const GRACE_MS = 1_500;
/** Milliseconds the broker and the result store get, after that, to answer what is under way. */
const LAST_MS = 3_000;

/**
 * The order of a stop: hand back what has not begun, wait until `fetching` has ended and what runs is done, or `deadline`
 * resolves; then abort it, wait a moment, give the rest back. Never rejects.
 */
export async function drain(
  engine: Engine,
  fetching: Promise<void>,
  deadline: Promise<void>,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<void> {
  engine.handBack();
  // What was in flight when fetching ended goes straight back, through the closed intake.
  const idle = fetching
    .catch((error: unknown) => logger.error({ error: messageOf(error) }, 'fetching did not end in order'))
    .then(() => engine.idle());
  if (await first(idle, deadline)) return;
  engine.abortRunning();
  if (await within(idle, GRACE_MS, clock)) return;
  engine.cutRunning();
  if (await within(idle, LAST_MS, clock)) return;
  // Their leases end by themselves: the broker gives them to others.
  logger.error({ pending: engine.pending }, 'stopped without an answer about these messages');
}

/** True when `wanted` came before `other`. */
const first = (wanted: Promise<void>, other: Promise<void>): Promise<boolean> =>
  Promise.race([wanted.then(() => true), other.then(() => false)]);

async function within(wanted: Promise<void>, ms: number, clock: Clock): Promise<boolean> {
  const over = new AbortController();
  const came = await first(
    wanted,
    clock.sleep(ms, over.signal).catch(() => undefined),
  );
  over.abort();
  return came;
}
