import { Beat } from '../beat/index.js';
import type { Celery } from '../toolbox/index.js';
import type { WorkerExtension } from '../worker/index.js';
import { openBeatStore } from './actions/beat.js';

export interface EmbeddedBeatFlags {
  readonly beat?: boolean;
  readonly schedule?: string;
  readonly beatStore?: string;
}

/** `worker -B`: beat as a part of the worker. Several such workers may share a store: one of them sends. */
export const embeddedBeat = (app: Celery, { schedule, beatStore }: EmbeddedBeatFlags): WorkerExtension => ({
  name: 'beat',
  async start() {
    const store = await openBeatStore(app, {
      ...(schedule !== undefined && { schedule }),
      ...(beatStore !== undefined && { store: beatStore }),
    });
    const beat = new Beat(app, { store, embedded: true });
    try {
      await beat.start();
    } catch (error) {
      await store.close();
      throw error;
    }
    return {
      provides: beat,
      async stop() {
        await beat.stop();
        await store.close();
      },
      info: () => ({ ...beat.info(), faults: Object.fromEntries(beat.info().faults), store: store.place }),
    };
  },
});
