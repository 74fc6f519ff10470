import { type BeatSchedule, Celery, Config, clocked, crontab, every, solar } from 'cadasta-workertoolbox';

const beat_schedule: BeatSchedule = {
  'sweep every half minute': { task: 'msg.sweep', schedule: every(30) },
  'report on weekday mornings': {
    task: 'export.report',
    schedule: crontab({ minute: '0', hour: '7', day_of_week: 'mon-fri' }),
    kwargs: { format: 'xls' },
    options: { expires: 3600 },
  },
  'bill each month, each one, however long nobody was there': {
    task: 'export.bill',
    schedule: crontab('0 2 1 * *'),
    catch_up: 'all',
    starting_deadline: 7 * 86_400,
  },
  'lamps on': { task: 'msg.lamps', schedule: solar('sunset', 52.5, 13.4), catch_up: 'skip' },
  'announce once': { task: 'msg.announce', schedule: clocked('2027-01-01T00:00:00Z') },
};

export const app = new Celery('export').configFromObject(
  new Config({ beat_schedule, timezone: 'Europe/Berlin' }),
);
