import type { Logger, Service } from '../base/index.js';

const FIRST_DEADLINE_MS = 25_000;
const SECOND_DEADLINE_MS = 1000;

/**
 * Runs a service until it ends or the process is told to stop. SIGTERM and SIGINT stop it warmly; a second one shortens the
 * wait; SIGQUIT does not wait for running work; a third signal ends the process at once.
 */
export async function runService(
  service: Service,
  logger: Logger,
  deadlineMs = FIRST_DEADLINE_MS,
): Promise<void> {
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    signals += 1;
    if (signals > 2) process.exit(1);
    const deadline = signals === 2 || signal === 'SIGQUIT' ? SECOND_DEADLINE_MS : deadlineMs;
    logger.info(
      { signal },
      signals === 1 ? 'stopping: running work is finished, the rest goes back' : 'stopping now',
    );
    void service.stop({ deadlineMs: deadline });
  };
  // Started by another of our programs: when that one is gone, nobody is left to stop this one.
  const onOrphaned = (): void => onSignal('SIGTERM');
  process.on('disconnect', onOrphaned);
  const watched = ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const;
  for (const signal of watched) process.on(signal, onSignal);
  try {
    await service.start();
    await service.stopped;
  } finally {
    for (const signal of watched) process.off(signal, onSignal);
    process.off('disconnect', onOrphaned);
    if (process.connected) process.disconnect();
  }
}
