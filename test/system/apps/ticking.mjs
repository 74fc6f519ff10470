import { Celery, Config } from 'cadasta-workertoolbox';

// A schedule faster than any in earnest; everything else comes from the environment.
export const app = new Celery('ticking').configFromObject(
  new Config({
    beat_schedule: { tick: { task: 'msg.echo', schedule: 0.05, args: ['tick'], catch_up: 'all' } },
  }),
);
