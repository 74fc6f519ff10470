import { Celery, Config } from 'cadasta-workertoolbox';
import { z } from 'zod';

export const app = new Celery('geo').configFromObject(new Config({ QUEUES: ['geo'] }));

// Positional, as in Python: geo.distance.delay([0, 0], [3, 4])
export const distance = app.task('geo.distance', ([ax, ay]: [number, number], [bx, by]: [number, number]) =>
  Math.hypot(bx - ax, by - ay),
);

// Named and validated by any Standard Schema; Python may use positions or keywords.
export const area = app.task(
  'geo.area',
  {
    bind: true,
    input: z.object({ ring: z.array(z.tuple([z.number(), z.number()])).min(4) }),
    maxRetries: 3,
    retryBackoff: true,
  },
  async (task, { ring }) => {
    task.logger.info({ points: ring.length }, 'measuring');
    const twice = ring.reduce((sum, [x, y], i) => {
      const [nx, ny] = ring[(i + 1) % ring.length] ?? [x, y];
      return sum + x * ny - nx * y;
    }, 0);
    return Math.abs(twice) / 2;
  },
);
