import { Celery, Config } from 'cadasta-workertoolbox';

export const app = new Celery('export').configFromObject(new Config({ QUEUES: ['export'] }, {}));

export const createZip = app.task('export.zip', (parts: string[]) => `${parts.join('+')}.zip`);

export const exportProject = app.task(
  'export.project',
  { bind: true, autoretryFor: true, maxRetries: 2, defaultRetryDelay: 600 },
  async (task, slug: string) => {
    if (slug === 'flooded' && task.retries === 0) throw new Error('the map server is away');
    task.logger.info({ slug }, 'exporting');
    await task.progress(1, 2, 'shapes');
    await createZip.delay([slug]);
    return slug.length;
  },
);
