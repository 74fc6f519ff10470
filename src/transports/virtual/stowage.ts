import { isTransient } from './failures.js';
import type { Copy, QueueStore, StowedMessage } from './queue-store.js';

/** A copy ready to be sent; `discard` when part of it was put outside. */
export type StowedCopy = Copy & Partial<Pick<StowedMessage, 'discard'>>;

/** Puts outside what is too large, turn by turn as given. All of it is there then, or none. */
export async function stowAll(
  store: QueueStore,
  turns: readonly (readonly Copy[])[],
): Promise<readonly (readonly StowedCopy[])[]> {
  const stowing = turns.map((copies) =>
    Promise.allSettled(
      copies.map(
        async (copy): Promise<StowedCopy> => ({ ...copy, ...(await store.stow?.(copy.queue, copy.message)) }),
      ),
    ),
  );
  const outcomes = await Promise.all(stowing);
  const done = outcomes.map((turn) => turn.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  const failed = outcomes.flat().find((one) => one.status === 'rejected');
  if (failed === undefined) return done;
  await discardAll(done.flat());
  throw failed.reason;
}

export async function discardAll(copies: readonly StowedCopy[]): Promise<void> {
  await Promise.all(copies.flatMap(({ discard }) => (discard ? [discard()] : [])));
}

/** What was put outside stays while it is not certain that the message was not sent after all. */
export async function sendOrDiscard(
  send: () => Promise<void>,
  discard: StowedCopy['discard'],
): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!isTransient(error)) await discard?.();
    throw error;
  }
}
