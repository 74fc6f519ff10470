import type { Logger, Service } from '../base/index.js';

export interface RunServiceOptions {
  /** Milliseconds running work may take once the process is told to stop. Default 25 000. */
  readonly deadlineMs?: number;
  /** Milliseconds it may take at SIGQUIT (Celery's soft shutdown). Default 1 000. */
  readonly softDeadlineMs?: number;
  /** SIGTERM means SIGQUIT (Celery's variable REMAP_SIGTERM). Default false. */
  readonly termIsQuit?: boolean;
  readonly onReady?: () => void;
}

/** What a program tells the one of ours that started it, when its service works. */
export const READY = 'ready';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const;
const PATIENCE_MS = 25_000;
const IMPATIENCE_MS = 1000;

/**
 * Runs a service until it ends or the process is told to stop. SIGTERM and SIGINT stop it warmly; a second one shortens the
 * wait; SIGQUIT waits for the soft deadline only; a third signal ends the process at once.
 */
export async function runService(
  service: Service,
  logger: Logger,
  { deadlineMs = PATIENCE_MS, softDeadlineMs = IMPATIENCE_MS, termIsQuit, onReady }: RunServiceOptions = {},
): Promise<void> {
  const told: number[] = [];
  let ready = false;
  const stop = (why: string, deadline: number): void => {
    told.push(deadline);
    if (told.length > 2) process.exit(1);
    // It holds nothing yet; what it waits for may take its time to give up.
    if (!ready) setTimeout(() => ready || process.exit(0), IMPATIENCE_MS).unref();
    logger.info(
      { why },
      told.length === 1 ? 'stopping: what runs is finished, the rest goes back' : 'stopping now',
    );
    void service.stop({ deadlineMs: deadline });
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    const quit = signal === 'SIGQUIT' || (signal === 'SIGTERM' && termIsQuit === true);
    stop(signal, told.length > 0 ? IMPATIENCE_MS : quit ? softDeadlineMs : deadlineMs);
  };
  // Started by another of our programs, which had the broker: when that one is gone, waiting helps nobody.
  const onOrphaned = (): void => stop('the program that started this one is gone', IMPATIENCE_MS);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('disconnect', onOrphaned);
  try {
    await service.start();
    ready = true;
    onReady?.();
    process.send?.(READY);
    // Told while it started, some services had nothing to stop yet.
    if (told.length > 0) await service.stop({ deadlineMs: Math.min(...told) });
    await service.stopped;
  } catch (error) {
    if (ready || told.length === 0) throw error;
    logger.debug({ err: error }, 'stopped before it was ready');
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    process.off('disconnect', onOrphaned);
    if (process.connected) process.disconnect();
  }
}
