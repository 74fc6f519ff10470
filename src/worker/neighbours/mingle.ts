import type { App } from '../../app/index.js';
import { type Logger, messageOf, newId } from '../../base/index.js';
import { type Bus, isRecord, type ReceivedReply, type Subscription } from '../../bus/index.js';
import { revokedIds } from '../control/revoked-ids.js';
import type { Worker } from '../worker.js';

export interface MingleOptions {
  readonly app: App;
  readonly bus: Bus;
  readonly worker: Worker;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Milliseconds of silence after which everybody is taken to have answered. */
const SILENCE_MS = 250;
/** Those who answer later are heard as long as this: a Python worker may be busy. */
const LATE_MS = 5_000;

/**
 * Asks the other workers what is revoked, and what time it is by their logical clocks, before the first task is taken
 * (Celery's mingle). What it gives waits for late answers until it is closed.
 */
export async function mingle({ app, bus, worker, logger, signal }: MingleOptions): Promise<Subscription> {
  const { lamport, clock } = app;
  const ticket = newId();
  let answers = 0;
  const onReply = ({ ticket: of, body, clock: at }: ReceivedReply): void => {
    lamport.adjust(at);
    if (of !== null && of !== ticket) return;
    for (const [node, answer] of Object.entries(body)) {
      if (node === worker.hostname || !isRecord(answer)) continue;
      answers += 1;
      lamport.adjust(answer.clock);
      learn(worker, node, answer.revoked, logger);
    }
  };
  const box = await bus.openReplies(onReply);
  const request = {
    method: 'hello',
    arguments: { from_node: worker.hostname, revoked: worker.info().revoked },
    destination: null,
    pattern: null,
    matcher: null,
    ticket,
    reply_to: box.address,
  };
  await bus.send(request, { clock: lamport.forward(), ttlSeconds: 1 });
  for (let before = -1; before !== answers; ) {
    before = answers;
    await clock.sleep(SILENCE_MS, signal);
  }
  logger.debug({ nodes: answers }, 'mingled');
  const close = async (): Promise<void> => {
    cancel();
    await box.close();
  };
  const cancel = clock.after(LATE_MS, () => {
    close().catch((error: unknown) =>
      logger.debug({ error: messageOf(error) }, 'mingle did not end in order'),
    );
  });
  return { close };
}

function learn(worker: Worker, node: string, revoked: unknown, logger: Logger): void {
  try {
    const ids = revokedIds(revoked);
    // It is on record already: whoever revoked them has seen to that.
    if (ids.length > 0) void worker.revoke(ids, { store: false });
  } catch (error) {
    logger.warn({ node, error: messageOf(error) }, 'what a worker says is revoked cannot be read');
  }
}
