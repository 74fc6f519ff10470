import type { Clock } from '../base/index.js';
import type { Engine } from './engine.js';

/** Milliseconds tasks get to end after their signals were aborted. */
const GRACE_MS = 1_500;

/**
 * The order of a stop, after fetching has ended: hand back what has not begun, wait for what runs until `deadline`
 * resolves, abort it, wait a moment, give the rest back.
 */
export async function drain(engine: Engine, deadline: Promise<void>, clock: Clock): Promise<void> {
  engine.handBack();
  const idle = engine.idle();
  if (await first(idle, deadline)) return;
  engine.abortRunning();
  const grace = new AbortController();
  const over = clock.sleep(GRACE_MS, grace.signal).catch(() => undefined);
  if (!(await first(idle, over))) {
    engine.cutRunning();
    await idle;
  }
  grace.abort();
}

/** True when `wanted` came before `other`. */
const first = (wanted: Promise<void>, other: Promise<void>): Promise<boolean> =>
  Promise.race([wanted.then(() => true), other.then(() => false)]);
