import { Celery, Ignore, Reject } from 'cadasta-workertoolbox';

/** The same as peer.py. */
export function settlementApp({ conf, cases }) {
  const app = new Celery('settlement').configFromObject(conf);
  for (const { task, kind, options } of cases) app.task(task, { bind: true, ...named(options) }, KINDS[kind]);
  app.task('noop', () => 'done');
  return app;
}

const again = ({ request }) => request.deliveryInfo.redelivered || request.retries > 0;

const KINDS = {
  ignore() {
    throw new Ignore();
  },
  reject(task, requeue = false) {
    if (again(task)) return 'again';
    throw new Reject('not today', { requeue });
  },
  fail(task) {
    if (again(task)) return 'again';
    throw new RangeError('broken');
  },
  retry(task) {
    if (again(task)) return 'again';
    return task.retry({ countdown: 0 });
  },
  retry_for_ever: (task) => task.retry({ error: new RangeError('broken'), countdown: 0 }),
  retry_nameless: (task) => task.retry({ countdown: 0 }),
  sleep: (task) => (again(task) ? 'again' : new Promise(() => {})),
  die: (task) => (again(task) ? 'again' : process.exit(3)),
};

/** Celery's names of options as they are here. */
const named = (options) =>
  Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key.replace(/_(.)/g, (_, c) => c.toUpperCase()), value]),
  );

const settings = new URL(import.meta.url).searchParams.get('settings');
export const app = settings === null ? undefined : settlementApp(JSON.parse(settings));
