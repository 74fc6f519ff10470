import { type Clock, type Logger, messageOf } from '../../base/index.js';
import type { GapFinder } from './gap-finder.js';
import type { Gaps } from './gaps.js';

export interface GapWatchOptions {
  readonly finder: Pick<GapFinder, 'look' | 'forget'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  /** True while this program is the one that acts. */
  readonly acts: () => boolean;
  /** Told what each look found, also where another acts. */
  readonly onGaps?: ((gaps: Gaps) => void) | undefined;
}

/** Looks for gaps until the signal, and says what changed. Never rejects. */
export async function watchGaps(
  { finder, clock, logger, everyMs, acts, onGaps }: GapWatchOptions,
  signal: AbortSignal,
): Promise<void> {
  let said = '';
  while (!signal.aborted) {
    await clock.sleep(everyMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    const repair = acts();
    if (!repair && onGaps === undefined) continue;
    try {
      const gaps = await finder.look(repair);
      onGaps?.(gaps);
      const counts = gapCounts(gaps);
      if (JSON.stringify(counts) !== said && Object.values(counts).some((count) => count > 0)) {
        logger.warn(counts, 'reconciler: records and queues do not agree');
      }
      said = JSON.stringify(counts);
      if (repair) await finder.forget();
    } catch (error) {
      logger.warn({ error: messageOf(error) }, 'reconciler: looks for gaps again later');
    }
  }
}

export const gapCounts = (gaps: Gaps): Readonly<Record<string, number>> => ({
  lost: gaps.lost.length,
  sent_again: gaps.lost.filter(({ sentAgain }) => sentAgain).length,
  unknown: gaps.unknown,
  untracked: gaps.untracked.length,
  orphans: gaps.orphans.length,
  queues_without_consumer: gaps.unconsumed.length,
});
