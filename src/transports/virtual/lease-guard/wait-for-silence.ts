import type { InlineScope } from '../../../base/index.js';
import type { GuardData } from './guard-thread.js';

/**
 * The beginning of the thread: it only looks whether the event loop lives, and loads what renews leases when for an eighth of one
 * it has not. Stands for itself, see inlineThread.
 */
export function waitForSilence({ data, load }: InlineScope<GuardData>): void {
  // The places of BEAT and SHORTEST in a LeaseTable.
  const times = new Float64Array(data.shared.memory, 0, 2);
  const loaded = async (): Promise<void> => {
    if (data.loader !== undefined) ((await load(data.loader)) as { register(): void }).register();
    await load(data.guard);
  };
  const look = (): void => {
    const [beat = 0, leaseMs = 0] = times;
    const silentMs = beat === 0 ? 0 : Number(process.hrtime.bigint()) / 1e6 - beat;
    if (silentMs > leaseMs / 8) void loaded();
    else setTimeout(look, Math.min(Math.max(leaseMs / 40, 50), 5000));
  };
  look();
}
